/** An element of a page, as tests look at it. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** Everything inside, as text. */
  readonly text: string
  /** Names of the elements around it, outermost first. */
  readonly ancestors: readonly string[]
}

interface OpenElement {
  readonly element: Omit<Element, 'text'>
  text: string
}

const voids = new Set(['br', 'hr', 'img', 'input', 'link', 'meta', 'path', 'rect'])
const token =
  /<!--[\s\S]*?-->|<!doctype html>|<\/([a-z0-9]+)>|<([a-z0-9]+)((?:\s[^<>]*)?)>|([^<]+)|(<)/gi
const attribute = /([a-z-]+)(?:="([^"<>]*)")?/gi

/**
 * Reads a page of ours, strictly: every element is closed where it was opened, and every attribute is quoted.
 *
 * @throws {Error} The page is not well formed.
 */
export function readHtml(page: string): readonly Element[] {
  const elements: Element[] = []
  const open: OpenElement[] = []
  for (const [whole, closed, opened, attributes = '', text, stray] of page.matchAll(token)) {
    if (stray) throw new Error('A tag is malformed')
    if (text) for (const outer of open) outer.text += decode(text)
    if (opened) {
      const ancestors = open.map(({ element }) => element.name)
      const element = { name: opened, attributes: readAttributes(attributes), ancestors }
      if (voids.has(opened)) elements.push({ ...element, text: '' })
      else open.push({ element, text: '' })
    }
    if (closed) {
      const inner = open.pop()
      if (inner?.element.name !== closed) throw new Error(`Misplaced ${whole}`)
      elements.push({ ...inner.element, text: inner.text })
    }
  }
  if (open.length > 0) throw new Error('An element is never closed')
  return elements
}

function readAttributes(source: string): Readonly<Record<string, string>> {
  const rest = source.replace(attribute, '').replace(/[\s/]/g, '')
  if (rest !== '') throw new Error('An attribute is malformed')
  const pairs = Array.from(
    source.matchAll(attribute),
    ([, name = '', value = '']) => [name, decode(value)] as const,
  )
  if (new Set(pairs.map(([name]) => name)).size < pairs.length)
    throw new Error('An attribute stands twice')
  return Object.fromEntries(pairs)
}

function decode(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
}
