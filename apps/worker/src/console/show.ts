import { type Html, html } from '@anteroom/html'
import type { View } from './layout.ts'

/** Small pieces of which the pages are made. */

/** A moment in UTC, and how far it is from now. */
export function moment(at: Date | null, { now }: Pick<View, 'now'>): Html {
  if (at === null) return none
  const text = at.toISOString()
  const seconds = (at.getTime() - now) / 1000
  const distance = seconds > 0.5 ? `in ${duration(seconds)}` : `${duration(-seconds)} ago`
  return html`<time datetime="${text}">${text.slice(0, 19).replace('T', ' ')}</time> <span class="ago">${distance}</span>`
}

/** In the largest unit that says enough. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 120) return `${whole} s`
  if (whole < 7_200) return `${Math.round(whole / 60)} min`
  if (whole < 172_800) return `${Math.round(whole / 3_600)} h`
  return `${Math.round(whole / 86_400)} days`
}

export const none = html`<span class="none">–</span>`

/** A count, pale if it is nothing. */
export function count(value: number): Html {
  return value === 0 ? html`<span class="none">0</span>` : html`${value}`
}

export interface Table {
  /** What it lists, for those who do not see it. */
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly (Html | string | number)[])[]
  /** Columns that hold numbers, from 0. */
  readonly numbers?: readonly number[]
}

/** Where the window is narrow, each row stands by itself, with the names of the columns. */
export function table({ caption, head, rows, numbers = [] }: Table): Html {
  const classOf = (column: number) => numbers.includes(column) && html` class="number"`
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
      <table>
        <caption class="unseen">${caption}</caption>
        <thead><tr>${head.map((text, at) => html`<th scope="col"${classOf(at)}>${text}</th>`)}</tr></thead>
        <tbody>
          ${rows.map((row) => html`<tr>${row.map((cell, at) => html`<td${classOf(at)} data-label="${head[at]}"><div>${cell}</div></td>`)}</tr>`)}
        </tbody>
      </table>
    </div>`
}

/** Names and what there is to them; what is null is left out. */
export function facts(rows: readonly (readonly [string, Html | string | number | null])[]): Html {
  return html`<dl class="facts">
      ${rows
        .filter(([, value]) => value !== null)
        .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>`
}

export function jobLink(jobId: string): Html {
  return html`<a class="id" href="/console/jobs/${encodeURIComponent(jobId)}">${jobId}</a>`
}

export interface Paging {
  readonly path: string
  /** What the list was asked for. */
  readonly question: Readonly<Record<string, string | undefined>>
  /** Where the page before this one ended. */
  readonly after: string | undefined
  /** Where this one has ended, if there is more. */
  readonly next: string | undefined
}

/** The next page of a list, and the first one. */
export function paging({ path, question, after, next }: Paging): Html {
  const href = (asked: Readonly<Record<string, string | undefined>>) => {
    const given = Object.entries(asked).flatMap(([name, value]): [string, string][] =>
      value === undefined || value === '' ? [] : [[name, value]],
    )
    return `${path}?${new URLSearchParams(given)}`
  }
  if (after === undefined && next === undefined) return html``
  return html`<p class="paging">
      ${after !== undefined && html`<a class="button quiet" href="${href(question)}">First page</a>`}
      ${next !== undefined && html`<a class="button quiet" href="${href({ ...question, after: next })}">Next page</a>`}
    </p>`
}

/** A choice from a list, the first of all of it. */
export function choice(
  { name, label, all }: { readonly name: string; readonly label: string; readonly all?: string },
  options: readonly string[],
  chosen: string | undefined,
): Html {
  return html`<label>${label}
      <select name="${name}">
        ${all !== undefined && html`<option value="">${all}</option>`}
        ${options.map((it) => html`<option value="${it}"${it === chosen && html` selected`}>${it}</option>`)}
      </select>
    </label>`
}

export function entry(
  { name, label }: { readonly name: string; readonly label: string },
  value: string | undefined,
): Html {
  return html`<label>${label}
      <input name="${name}" value="${value}" autocomplete="off" spellcheck="false">
    </label>`
}
