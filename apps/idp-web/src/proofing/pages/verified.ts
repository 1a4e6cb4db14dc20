import { keepProfileForm } from '../../account/identity/pages/keep-profile.ts'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import type { RecordCheck } from '../answer.ts'
import type { WaitingPartner } from '../waiting-partner.ts'
import { bulletList, notice } from './result-parts.ts'

/** What else there is for somebody who is signed in, or whom a partner sent. */
export interface Beyond {
  readonly account?: {
    /** Whether they may have their details kept, or have chosen to already. */
    readonly profile: 'kept' | 'offered' | 'none'
  }
  readonly partner?: WaitingPartner
}

interface VerifiedData extends Beyond {
  readonly check: RecordCheck
}

export function verifiedPage(view: View, { check, ...beyond }: VerifiedData): Html {
  return check === 'resolution-proofing' ? detailsVerified(view) : allVerified(view, beyond)
}

function detailsVerified(view: View): Html {
  const { detailsVerified: words } = view.texts.results
  const content = html`${notice('success', html`<p>${words.text}</p>`)}
          <h2>${words.nextTitle}</h2>
          <p>${words.next}</p>
          <div class="actions"><a class="usa-button" href="/verify/phone">${words.continue}</a></div>`
  return layout(view, { title: words.title, step: 'phone', content })
}

function allVerified(view: View, { account, partner }: Beyond): Html {
  const { verified: words } = view.texts.results
  const isLast = !view.credentials && !partner
  const finish = account ? view.texts.identity.result.finish : words.finish
  const content = html`${notice('success', html`<p>${words.text}</p>`)}
          ${partner && partnerPart(view, partner)}
          ${account?.profile === 'offered' && keepProfileForm(view, false)}
          ${account?.profile === 'kept' && profileKept(view)}
          ${view.credentials && credentialOffer(view, partner !== undefined)}
          <h2>${words.nextTitle}</h2>
          <p>${view.credentials ? words.nextWithCredential : words.next}</p>
          <h2>${words.keptTitle}</h2>
          ${bulletList(keptWords(view, account))}
          <div class="actions">
            ${account && html`<a class="usa-link" href="/account/identity">${view.texts.identity.result.toAccount}</a>`}
            ${postForm(view, { action: '/session/end', content: html`<button class="usa-button${!isLast && ' usa-button--outline'}">${finish}</button>` })}
          </div>`
  return layout(view, { title: words.title, step: 'done', content })
}

/** What was kept, as it is true for this person. */
function keptWords({ texts }: View, account: Beyond['account']): readonly string[] {
  const { results, identity } = texts
  const [check, code, nothing] = results.verified.kept
  if (!account) return results.verified.kept
  const { inAccount, profileInAccount } = identity.result
  return [inAccount, account.profile === 'kept' ? profileInAccount : nothing, check, code].filter(
    (words) => words !== undefined,
  )
}

function partnerPart({ texts }: View, { href, name }: WaitingPartner): Html {
  const { result } = texts.identity
  return html`<p>${result.partner(name)}</p>
          <div class="actions"><a class="usa-button" href="${href}">${result.toPartner(name)}</a></div>`
}

function profileKept({ texts }: View): Html {
  const { keep } = texts.identity
  return html`<p>${keep.done} <a class="usa-link" href="/account/identity/profile">${keep.see}</a></p>`
}

function credentialOffer({ texts }: View, isSecond: boolean): Html {
  const { verified: words } = texts.results
  return html`<h2>${words.credentialTitle}</h2>
          <p>${words.credential}</p>
          <div class="actions"><a class="usa-button${isSecond && ' usa-button--outline'}" href="/credential/start">${words.getCredential}</a></div>`
}
