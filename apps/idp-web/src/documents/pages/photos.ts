import {
  type DocumentProblem,
  type DocumentType,
  maxImageBytes,
  type Side,
} from '@anteroom/job-contracts'
import { type Html, html } from '../../html.ts'
import { layout, type View } from '../../layout.ts'
import { errorMessage, errorSummary, type FieldError } from '../../pages/form-parts.ts'
import type { Texts } from '../../texts/index.ts'
import { lensDialog } from './lens-dialog.ts'
import { problemsBySide } from './problems-by-side.ts'

export type PhotoError = keyof Texts['documentCapture']['photos']['errors']
export type PhotoErrors = Partial<Readonly<Record<Side, PhotoError>>>

export interface PhotosData {
  readonly documentType: DocumentType
  readonly sides: readonly Side[]
  readonly submissionId: string
  /** Files of the sandbox are taken beside photos. */
  readonly fixtures: boolean
  /** Whether the browser seals the photos and sends them to where they are kept; otherwise we do, with the form. */
  readonly presigned: boolean
  /** Why the photos before these were not accepted. */
  readonly problems?: readonly DocumentProblem[] | undefined
  readonly errors: PhotoErrors
}

/**
 * The capture page. As it stands it is a form with files, sent as multipart; the script sends the photos ahead, and
 * with the form only what opens them.
 */
export function photosPage(view: View, data: PhotosData): Html {
  const { photos } = view.texts.documentCapture
  const content = html`${data.problems && lastTime(view.texts, data.documentType, data.problems)}
          <p class="lead">${photos.lead}</p>
          <h2>${photos.tipsTitle}</h2>
          <ul class="usa-list">${photos.tips.map((tip) => html`<li>${tip}</li>`)}</ul>
          ${captureForm(view, data)}
          ${data.presigned && lensDialog(photos)}`
  return layout(view, {
    title: photos.titles[data.documentType],
    step: 'document',
    errorSummary: errorSummary(view.texts, errorsOf(view.texts, data)),
    scripts: data.presigned ? ['document-capture'] : [],
    content,
  })
}

function lastTime(
  texts: Texts,
  documentType: DocumentType,
  problems: readonly DocumentProblem[],
): Html {
  const found = problemsBySide(texts, documentType, problems)
  return html`<div class="usa-alert usa-alert--warning result__alert">
            <div class="usa-alert__body">
              <h2 class="usa-alert__heading">${texts.documentCapture.photos.refusedTitle}</h2>
              <ul class="usa-list">
                ${found.flatMap(({ title, words }) => words.map(({ what, todo }) => html`<li>${title}: ${what} ${todo}</li>`))}
              </ul>
            </div>
          </div>`
}

function errorsOf(
  texts: Texts,
  { documentType, sides, errors }: PhotosData,
): readonly FieldError[] {
  const { photos } = texts.documentCapture
  return sides.flatMap((side) => {
    const code = errors[side]
    if (code === undefined) return []
    return [
      {
        field: side,
        message: `${wordsOf(texts, documentType, side).title}: ${photos.errors[code]}`,
      },
    ]
  })
}

/** The token comes first: what is sent as multipart is read in order, and nothing is stored without it. */
function captureForm(view: View, data: PhotosData): Html {
  const { photos } = view.texts.documentCapture
  const { submissionId, fixtures, sides } = data
  return html`<form method="post" action="/verify/document/photos" enctype="multipart/form-data" autocomplete="off" novalidate${data.presigned && html` data-capture data-submission="${submissionId}" data-max-bytes="${maxImageBytes}" data-words="${JSON.stringify(photos.script)}"${fixtures && html` data-fixtures="true"`}`}>
            <input type="hidden" name="csrf" value="${view.csrfToken}">
            ${sides.map((side) => sidePart(view.texts, data, side))}
            <p class="capture__overall" role="status" data-overall></p>
            <div class="actions capture__end">
              <button class="usa-button">${sides.length === 1 ? photos.sendOne : photos.send}</button>
              <a class="usa-link" href="/verify/document">${photos.otherId}</a>
            </div>
          </form>`
}

function wordsOf(texts: Texts, documentType: DocumentType, side: Side) {
  const { sides } = texts.documentCapture.photos
  return documentType === 'passport' ? sides.page : sides[side]
}

function sidePart(texts: Texts, data: PhotosData, side: Side): Html {
  const words = wordsOf(texts, data.documentType, side)
  const error = errorsOf(texts, data).find(({ field }) => field === side)?.message
  return html`<fieldset class="field-group capture" data-side="${side}" data-state="empty">
              <legend>${words.title}</legend>
              <p class="why">${words.why}</p>
              ${filePart(texts, data, { side, title: words.title, error })}
              ${shownPart(texts, words.title)}
              <p class="capture__status" role="status" data-status></p>
              ${actionsPart(texts)}
            </fieldset>`
}

interface FilePart {
  readonly side: Side
  readonly title: string
  readonly error: string | undefined
}

function filePart(texts: Texts, { fixtures }: PhotosData, { side, title, error }: FilePart): Html {
  const { photos } = texts.documentCapture
  const accept = ['image/jpeg', 'image/png', ...(fixtures ? ['.yml', '.yaml'] : [])].join(',')
  const described = error ? `${side}-hint ${side}-error` : `${side}-hint`
  return html`<div class="usa-form-group${error && ' usa-form-group--error'}" data-choose>
                <label class="usa-label" for="${side}">${photos.file}<span class="usa-sr-only"> (${title})</span></label>
                <span class="usa-hint" id="${side}-hint">${photos.fileHint}${fixtures && html` ${photos.fixtureHint}`}</span>
                ${errorMessage(texts, `${side}-error`, error)}
                <input class="capture__file" type="file" id="${side}" name="${side}" accept="${accept}" aria-describedby="${described}"${error && html` aria-invalid="true"`}>
                <p class="capture__or" data-camera hidden><button class="usa-button usa-button--outline" type="button">${photos.camera}</button></p>
              </div>`
}

/** What the script fills in once there is a photo. */
function shownPart({ documentCapture: { photos } }: Texts, title: string): Html {
  return html`<div class="capture__shown" data-shown hidden>
                <canvas class="capture__preview" role="img" aria-label="${photos.preview(title)}" data-preview></canvas>
                <p class="capture__name" data-name hidden></p>
                <div class="capture__progress" data-progress hidden>
                  <progress class="capture__bar" max="100" value="0" aria-label="${photos.progress}"></progress>
                  <span data-percent></span>
                </div>
              </div>`
}

function actionsPart({ documentCapture: { photos } }: Texts): Html {
  return html`<div class="actions capture__actions" data-actions hidden>
                <button class="usa-button" type="button" data-resend hidden>${photos.resend}</button>
                <button class="usa-button usa-button--outline" type="button" data-direct hidden>${photos.direct}</button>
                <button class="usa-button usa-button--outline" type="button" data-again>${photos.script.again}</button>
                <button class="usa-button usa-button--outline" type="button" data-anyway hidden>${photos.anyway}</button>
              </div>`
}
