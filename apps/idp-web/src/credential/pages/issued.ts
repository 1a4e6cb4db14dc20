import { paths } from '@anteroom/credential'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { facts } from '../../pages/facts.ts'
import { postForm } from '../../pages/form-parts.ts'
import { longDate } from '../../proofing/pages/dates.ts'
import { soonAt } from '../../proofing/pages/result-parts.ts'
import type { FetchTime } from '../kept-credential.ts'
import { expiredWords } from './out-of-line.ts'
import { sendPath } from './send.ts'

export interface IssuedData extends FetchTime {
  readonly number: string
  /** `YYYY-MM-DD` */
  readonly expiresOn: string
  /** Where credentials are checked, such as `https://id.example.gov`. */
  readonly origin: string
  /** Whether there is an agency that it can be sent to from here. */
  readonly canBeSent: boolean
}

/** Without the tools of the browser's viewer, as wide as there is room. */
const preview = '/credential/file#toolbar=0&view=FitH'

/** The credential itself, and what its owner needs to know of it. */
export function issuedPage(view: View, data: IssuedData): Html {
  const { issued } = view.texts.credential
  const content = html`<div data-while-kept>
            <p class="lead">${issued.lead}</p>
            <div class="actions">
              <a class="usa-button" href="/credential/file?download=1">${issued.download}</a>
              <a class="usa-link" href="/credential/file">${issued.open}</a>
              ${data.canBeSent && html`<a class="usa-link" href="${sendPath}">${issued.send}</a>`}
            </div>
            <p>${soonAt(view, issued.until, data.fetchUntil)}</p>
          </div>
          ${noLongerKept(view, data)}
          ${factsOf(view, data)}
          <object class="credential__preview" data-while-kept data="${preview}" type="application/pdf" aria-label="${issued.preview}">
            <p>${issued.noPreview} <a class="usa-link" href="/credential/file">${issued.open}</a></p>
          </object>
          <h2>${issued.checkTitle}</h2>
          <p>${issued.check(shownAddress(data.origin))}</p>
          <h2>${issued.safeTitle}</h2>
          <p>${issued.safe}</p>
          <div class="actions">
            ${postForm(view, { action: '/session/end', content: html`<button class="usa-button usa-button--outline">${issued.finish}</button>` })}
          </div>`
  return layout(view, { title: issued.title, scripts: ['local-time', 'issued'], content })
}

/** Shown by the script of an open page once the file is deleted. Whoever asks again then finds no page here, as a stranger. */
function noLongerKept({ texts }: View, { secondsLeft }: IssuedData): Html {
  const { expired } = texts.credential
  return html`<div id="credential-over" role="status" tabindex="-1" data-seconds-left="${secondsLeft}" data-title="${expired.title}">
            <div hidden>${expiredWords(texts)}</div>
          </div>`
}

function factsOf({ texts }: View, { number, expiresOn }: IssuedData): Html {
  const { about } = texts.credential.issued
  const rows = [
    [about.number, number],
    [about.validUntil, longDate(texts.language, expiresOn)],
  ] as const
  return facts(rows)
}

/** As it is read out and typed: without the protocol. */
function shownAddress(origin: string): string {
  return `${new URL(origin).host}${paths.page}`
}
