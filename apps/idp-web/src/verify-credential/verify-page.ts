import { type Html, html } from '../html.ts'
import { layout, type View } from '../layout.ts'
import { notice } from '../proofing/pages/result-parts.ts'
import { type VerdictName, verdictNames } from './verdict-names.ts'
import { verdictShape } from './verdict-shape.ts'

export interface VerifyPageData {
  /** The one origin whose credentials count. */
  readonly issuer: string
  /** Its name, from our settings: what a credential says of its issuer is never shown. */
  readonly issuerName: string
}

/**
 * The page that a printed code opens. Every verdict stands in it, hidden; the script shows one. It is the same for
 * everybody, so that it may be kept and shown without us.
 */
export function verifyPage(view: View, { issuer, issuerName }: VerifyPageData): Html {
  const { verifyCredential: words } = view.texts
  const content = html`<p class="lead">${words.lead(issuerName)}</p>
          <p id="needs-script">${words.needsScript}</p>
          <p class="usa-sr-only" id="check-status" role="status" data-checking="${words.checking}"></p>
          <div id="check" data-issuer="${issuer}" data-issuer-name="${issuerName}">
            ${verdictNames.map((name) => verdict(view, name))}
            ${doubts(view)}
            ${facts(view)}
            ${sources(view)}
          </div>
          ${another(view)}
          <h2>${words.privacyTitle}</h2>
          <ul class="usa-list">${words.privacy.map((text) => html`<li>${text}</li>`)}</ul>`
  return layout(view, { title: words.title, scripts: ['verify-credential'], content })
}

function verdict({ texts }: View, name: VerdictName): Html {
  const { title, text } = texts.verifyCredential.verdicts[name]
  return html`<div class="verdict verdict--${name}" id="verdict-${name}" hidden>
              ${verdictShape(name)}
              <div>
                <h2 class="verdict__title" tabindex="-1">${title}</h2>
                <p>${text}</p>
                ${name === 'valid' && html`<p><strong>${texts.verifyCredential.compare}</strong></p>`}
              </div>
            </div>`
}

function facts({ texts }: View): Html {
  const rows = Object.entries(texts.verifyCredential.facts).map(
    ([name, label]) => html`<div class="answers__row">
                <dt class="answers__name">${label}</dt>
                <dd class="answers__value" data-fact="${name}"></dd>
              </div>`,
  )
  return html`<dl class="answers" id="facts" hidden>${rows}</dl>`
}

/** What the verdict leaves open. It stands where nobody who reads the verdict can miss it. */
function doubts({ texts }: View): Html {
  const { notes: words } = texts.verifyCredential
  const revocation = html`<h3 class="verdict__doubt">${words.revocationTitle}</h3><p>${words.revocation}</p>`
  return html`<div id="revocation-not-checked" hidden>${notice('warning', revocation)}</div>
            <div id="keys-old" hidden>${notice('warning', html`<p>${words.keysOld}</p>`)}</div>`
}

/** By what the verdict was reached. */
function sources({ texts }: View): Html {
  const { notes: words } = texts.verifyCredential
  return html`<p class="verdict__note" id="revocation-checked" hidden>${words.notRevoked} <time></time>.</p>
            <p class="verdict__note" id="keys-updated" hidden>${words.here} ${words.keys} <time></time>.</p>`
}

/** Not a form: where the script does not run, nothing that is pasted can be sent. */
function another({ texts }: View): Html {
  const { verifyCredential: words } = texts
  return html`<div id="another" hidden>
            <h2>${words.otherTitle}</h2>
            <label class="usa-label" for="pasted">${words.paste}</label>
            <span class="usa-hint" id="pasted-hint">${words.pasteHint}</span>
            <span class="verdict__missing" id="pasted-missing" hidden>${words.pasteMissing}</span>
            <textarea class="usa-textarea verdict__paste" id="pasted" rows="4" spellcheck="false" autocapitalize="off" autocomplete="off" aria-describedby="pasted-hint pasted-missing"></textarea>
            <div class="actions"><button class="usa-button" id="check-pasted" type="button">${words.check}</button></div>
          </div>`
}
