import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import type { Texts } from '../../texts/index.ts'
import type { RecordCheck } from '../answer.ts'
import type { UsesLeft } from '../attempts.ts'
import type { WaitingPartner } from '../waiting-partner.ts'
import { bulletList, changeLink, notice, otherWay, stepOf, triesNote } from './result-parts.ts'

interface NotVerified {
  readonly check: RecordCheck
  readonly tries: UsesLeft
  /** The answers were not even compared. */
  readonly isRejected?: boolean
  readonly partner: WaitingPartner | undefined
}

/** The records disagree. Which answer it was is never said: it would help whoever guesses. */
export function notVerifiedPage(view: View, data: NotVerified): Html {
  const { results } = view.texts
  const { title, text, doTitle, todo } = wordsFor(results, data)
  const content = html`${notice('warning', html`<p>${text}</p>`)}
          <p><strong>${triesNote(view, data.tries)}</strong></p>
          <h2>${doTitle}</h2>
          ${bulletList(todo)}
          <div class="actions">${actions(view, data)}</div>
          ${data.check === 'address-proofing' && html`<p>${results.phoneNotVerified.changeAddressNote}</p>`}
          ${otherWay(view, data.partner)}`
  return layout(view, { title, step: stepOf(data.check), scripts: ['local-time'], content })
}

interface Words {
  readonly title: string
  readonly text: string
  readonly doTitle: string
  readonly todo: readonly string[]
}

function wordsFor(results: Texts['results'], { check, isRejected = false }: NotVerified): Words {
  const words =
    check === 'resolution-proofing' ? results.detailsNotVerified : results.phoneNotVerified
  const { title, text } = isRejected ? results.rejectedInput : words
  return { title, text, doTitle: words.doTitle, todo: words.do }
}

function actions(view: View, { check, tries }: NotVerified): Html {
  const { results } = view.texts
  const { href, label } = changeLink(view, check)
  const style = tries.left > 0 ? 'usa-button' : 'usa-button usa-button--outline'
  return html`<a class="${style}" href="${href}">${label}</a>
            ${check === 'address-proofing' && html`<a class="usa-link" href="/verify/details#address1">${results.phoneNotVerified.changeAddress}</a>`}`
}
