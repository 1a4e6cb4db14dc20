import { html as escaped } from 'ghtml'

const markup = Symbol('markup')

/**
 * A piece of HTML that was written in this code base. It can only come from the `html` tag: a string, or an object
 * from a request, is never taken for one.
 */
export interface Html {
  readonly [markup]: string
}

type Value = Html | string | number | false | null | undefined | readonly Value[]

/**
 * The one way to make HTML. Every value is escaped, for text and for quoted attributes alike, except nested `html`.
 * Lists are joined; `false`, `null` and `undefined` leave nothing.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  let text = parts[0] ?? ''
  for (const [index, value] of values.entries()) {
    text += toMarkup(value) + (parts[index + 1] ?? '')
  }
  return { [markup]: text }
}

/** The text of a whole page, to be sent as `text/html; charset=utf-8`. */
export function renderHtml(page: Html): string {
  return page[markup]
}

function toMarkup(value: Value): string {
  if (value === false || value === null || value === undefined) return ''
  if (typeof value === 'string' || typeof value === 'number') return escaped`${value}`
  if (isList(value)) return value.map(toMarkup).join('')
  return value[markup]
}

// Array.isArray does not narrow readonly arrays.
function isList(value: Html | readonly Value[]): value is readonly Value[] {
  return Array.isArray(value)
}
