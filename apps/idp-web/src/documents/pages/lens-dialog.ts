import { type Html, html } from '../../html.ts'
import type { Texts } from '../../texts/index.ts'

/** The picture of the camera before a photo is taken. It opens by script alone; without it a file is chosen. */
export function lensDialog({ lens }: Texts['documentCapture']['photos']): Html {
  return html`<dialog class="lens" data-lens aria-labelledby="lens-title">
            <h2 id="lens-title">${lens.title}</h2>
            <div class="lens__view">
              <video class="lens__video" playsinline muted aria-label="${lens.view}"></video>
              <div class="lens__frame" aria-hidden="true"></div>
            </div>
            <p class="lens__status" role="status" data-status></p>
            <div class="actions">
              <button class="usa-button" type="button" data-take>${lens.take}</button>
              <button class="usa-button usa-button--outline" type="button" data-close>${lens.close}</button>
            </div>
          </dialog>`
}
