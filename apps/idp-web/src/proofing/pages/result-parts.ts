import { type Html, html } from '../../html.ts'
import type { View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import { localTime } from '../../pages/local-time.ts'
import type { StepName } from '../../pages/step-indicator.ts'
import type { Check, RecordCheck } from '../answer.ts'
import type { UsesLeft } from '../attempts.ts'
import type { WaitingPartner } from '../waiting-partner.ts'
import { timeOfDay } from './dates.ts'

type Tone = 'success' | 'warning' | 'error' | 'info'

/** What happened, in one sentence or two. */
export function notice(tone: Tone, content: Html): Html {
  return html`<div class="usa-alert usa-alert--${tone} result__alert">
            <div class="usa-alert__body"><div class="usa-alert__text">${content}</div></div>
          </div>`
}

/** At the foot of every failure: nobody has to get through here. @param partner Whoever waits for the person. */
export function otherWay(view: View, partner?: WaitingPartner): Html {
  const { results } = view.texts
  return html`<div class="other-way">
            <h2>${results.otherTitle}</h2>
            <p><a class="usa-link" href="/other-ways">${results.otherLink}</a></p>
            ${partner && backToPartner(view, partner)}
          </div>`
}

/** Cancels what a partner asked for: it is told that it gets nothing. */
export function backToPartner(view: View, { href, name }: WaitingPartner): Html {
  const words = view.texts.identity.result.withoutIt(name)
  const content = html`<button class="usa-button usa-button--unstyled" name="choice" value="deny">${words}</button>`
  return postForm(view, { action: href, content })
}

export function bulletList(items: readonly string[]): Html {
  return html`<ul class="usa-list">${items.map((item) => html`<li>${item}</li>`)}</ul>`
}

export function stepOf(check: Check): StepName {
  switch (check) {
    case 'document-proofing':
      return 'document'
    case 'resolution-proofing':
      return 'check'
    case 'address-proofing':
      return 'phone'
  }
}

/** Where the answers that a check used can be changed. */
export function changeLink({ texts }: View, check: RecordCheck): { href: string; label: string } {
  const { results } = texts
  return check === 'resolution-proofing'
    ? { href: '/verify/details', label: results.changeDetails }
    : { href: '/verify/phone', label: results.changePhone }
}

/** How many tries are left, or when the next one opens. A page with this loads the script `local-time`. */
export function triesNote(view: View, { left, retryAt }: UsesLeft): Html {
  const { results } = view.texts
  if (left > 0) return html`${results.tries(left)}`
  return html`${results.noTries} ${retryAt !== undefined && againAt(view, retryAt)}`
}

/** When the next try opens, in the person's own time where scripts run. */
export function againAt(view: View, retryAt: number): Html {
  return aroundTime(view.texts.results.again, localTime(view, retryAt))
}

/** A sentence with a time of this day in it. A page with this loads the script `local-time`. */
export function soonAt({ texts }: View, sentence: (time: string) => string, moment: number): Html {
  const shown = timeOfDay(texts.language, moment)
  return aroundTime(
    sentence,
    html`<time datetime="${new Date(moment).toISOString()}" data-local-time="of-day">${shown}</time>`,
  )
}

function aroundTime(sentence: (time: string) => string, time: Html): Html {
  const [before = '', after = ''] = sentence('|').split('|')
  return html`${before}<strong>${time}</strong>${after}`
}
