import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { postForm } from '../../pages/form-parts.ts'
import type { RecordCheck } from '../answer.ts'
import { bulletList, notice } from './result-parts.ts'

export function verifiedPage(view: View, check: RecordCheck): Html {
  return check === 'resolution-proofing' ? detailsVerified(view) : allVerified(view)
}

function detailsVerified(view: View): Html {
  const { detailsVerified: words } = view.texts.results
  const content = html`${notice('success', html`<p>${words.text}</p>`)}
          <h2>${words.nextTitle}</h2>
          <p>${words.next}</p>
          <div class="actions"><a class="usa-button" href="/verify/phone">${words.continue}</a></div>`
  return layout(view, { title: words.title, step: 'phone', content })
}

function allVerified(view: View): Html {
  const { verified: words } = view.texts.results
  const content = html`${notice('success', html`<p>${words.text}</p>`)}
          ${view.credentials && credentialOffer(view)}
          <h2>${words.nextTitle}</h2>
          <p>${view.credentials ? words.nextWithCredential : words.next}</p>
          <h2>${words.keptTitle}</h2>
          ${bulletList(words.kept)}
          <div class="actions">
            ${postForm(view, { action: '/session/end', content: html`<button class="usa-button${view.credentials && ' usa-button--outline'}">${words.finish}</button>` })}
          </div>`
  return layout(view, { title: words.title, step: 'done', content })
}

function credentialOffer({ texts }: View): Html {
  const { verified: words } = texts.results
  return html`<h2>${words.credentialTitle}</h2>
          <p>${words.credential}</p>
          <div class="actions"><a class="usa-button" href="/credential/start">${words.getCredential}</a></div>`
}
