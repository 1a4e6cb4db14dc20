import { globSync } from 'node:fs'

/** Every Markdown file of the project, by its path from the root. */
export function documents(root: string): string[] {
  const foreign = ['node_modules', 'dist', '.local', '.git', '.turbo']
  return globSync('**/*.md', { cwd: root, exclude: (name) => foreign.includes(name) }).sort()
}

/** Relative link targets, pictures included, without their anchors. */
export function linksIn(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
}

/** What a link may name behind `#`: each heading in small letters, without signs, its words joined by hyphens. */
export function headingAnchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  )
}

const topLevel = /^(?:apps|packages|infra|test|docs)\/|^[\w.-]+\.(?:md|json|yaml)$/

/** Inline code that looks like a path of this project, as far as the path is literal: `test/wires/<job>` counts as `test/wires`. */
export function pathsIn(text: string): string[] {
  return inlineCode(text)
    .filter((code) => topLevel.test(code) && !/\s/.test(code))
    .map((code) => code.replace(/\/?[^/]*[<*].*$/, ''))
}

/** Script names after `pnpm`, in inline code and in indented or fenced lines. */
export function commandsIn(text: string): string[] {
  const lines = text.split('\n').filter((line) => /^(?: {4}|\t)/.test(line))
  return [...inlineCode(text), ...lines]
    .flatMap((code) => [...code.matchAll(/(?:^|\s)pnpm(?:@[\d.]+)? ([a-z][\w:-]*)/g)])
    .map(([, name = '']) => name)
    .filter((name) => !ofPnpm.includes(name))
}

// Commands of pnpm itself that a document may name.
const ofPnpm = ['exec', 'install']

function inlineCode(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
}
