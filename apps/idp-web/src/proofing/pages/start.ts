import { placeNotice } from '../../credential/pages/place-notice.ts'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'

export function startPage(view: View, { hasPlace = false }: { hasPlace?: boolean } = {}): Html {
  const { start } = view.texts
  const need = [view.documents ? start.needDocument : start.needCard, ...start.need]
  const how = view.documents ? [start.howDocument, ...start.how] : start.how
  const content = html`<p class="lead">${start.lead}</p>
          ${hasPlace && placeNotice(view)}
          <h2>${start.needTitle}</h2>
          <ul class="usa-list">${need.map((item) => html`<li>${item}</li>`)}</ul>
          <h2>${start.howTitle}</h2>
          <ol class="usa-process-list">
            ${how.map(
              ({ title, text }) => html`<li class="usa-process-list__item">
              <h3 class="usa-process-list__heading">${title}</h3>
              <p>${text}</p>
            </li>`,
            )}
          </ol>
          <p>${start.time}</p>
          <div class="usa-summary-box" role="region" aria-labelledby="keep">
            <div class="usa-summary-box__body">
              <h2 class="usa-summary-box__heading" id="keep">${start.keepTitle}</h2>
              <div class="usa-summary-box__text"><p>${start.keep}${view.documents && ` ${start.keepPhotos}`}</p></div>
            </div>
          </div>
          <div class="actions"><a class="usa-button" href="/verify/consent">${start.next}</a></div>`
  return layout(view, { title: start.title, content })
}
