import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import type { Check } from '../answer.ts'
import { againAt, notice, otherWay, stepOf } from './result-parts.ts'

interface Limited {
  readonly check: Check
  /** Milliseconds since the epoch. */
  readonly retryAt: number
}

/** Too many tries: says when the next one opens, in the person's own time where scripts run. */
export function limitedPage(view: View, { check, retryAt }: Limited): Html {
  const { texts } = view
  const { limited } = texts.results
  const content = html`${notice('warning', html`<p>${limited.text}</p>`)}
          <h2>${limited.againTitle}</h2>
          <p>${againAt(view, retryAt)}</p>
          <p>${limited.note}</p>
          ${otherWay(texts)}`
  return layout(view, {
    title: limited.title,
    step: stepOf(check),
    scripts: ['local-time'],
    content,
  })
}
