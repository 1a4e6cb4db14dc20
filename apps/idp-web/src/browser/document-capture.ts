import { createImageKey, exportImageKey } from '@anteroom/crypto/browser'
import type { CaptureWords } from '../texts/en/document-capture.ts'
import { createCamera } from './document-camera.ts'
import type { PhotoRules } from './document-photo.ts'
import { DocumentSide } from './document-side.ts'

/*
 * The capture page: photos are looked at and sealed here and sent ahead as soon as they are chosen. The form then
 * carries what opens them. Photos, key and IVs live in this script alone and end with the page.
 */

const found = document.querySelector<HTMLFormElement>('form[data-capture]')
// Without any of these the form goes as it is, photos and all.
const isAble = window.isSecureContext && 'createImageBitmap' in window && 'FormDataEvent' in window
if (found && isAble) startCapture(found)

function startCapture(form: HTMLFormElement): void {
  const words: CaptureWords = JSON.parse(form.dataset.words ?? '')
  const key = createImageKey()
  const camera = createCamera(words.lens, () => sides)
  const sides = Array.from(form.querySelectorAll<HTMLElement>('[data-side]'), (part) => {
    const submissionId = form.dataset.submission ?? ''
    const common = { part, words, key, submissionId, csrf: csrfOf(form), rules: rulesOf(form) }
    const name = part.dataset.side === 'back' ? 'back' : 'front'
    return new DocumentSide({ ...common, name, camera, onChange: () => changed(name) })
  })
  let isWaiting = false
  let demanded: DocumentSide | undefined
  let isHandedIn = false

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    goOn()
  })
  forgetOnLeaving(sides)

  /** What was said of a side no longer holds. */
  function changed(name: DocumentSide['name']): void {
    if (isWaiting) goOn()
    else if (demanded?.name === name) sayOverall(form, '')
  }

  /** Hands in once every photo is there; until then says what is waited for, or what is missing. */
  function goOn(): void {
    const missing = sides.find(({ state }) =>
      ['empty', 'refused', 'doubtful', 'failed'].includes(state),
    )
    const onTheWay = sides.filter(({ state }) => state === 'looking' || state === 'sending')
    isWaiting = !missing && onTheWay.length > 0
    if (isWaiting) {
      const names = onTheWay.map(({ title }) => title).join(', ')
      sayOverall(form, words.waiting.replace('{sides}', names))
    } else if (missing) {
      const text = missing.demand()
      demanded = missing
      sayOverall(form, `${missing.title}: ${text}`, 'heard')
    } else {
      sayOverall(form, words.submitting)
      finish()
    }
  }

  function finish(): void {
    if (isHandedIn) return
    isHandedIn = true
    key.then(exportImageKey).then(
      (imageKey) => handIn(form, { imageKey, sides }),
      () => location.reload(),
    )
  }
}

function forgetOnLeaving(sides: readonly DocumentSide[]): void {
  window.addEventListener('pagehide', () => {
    for (const side of sides) side.close()
  })
  // Coming back with the browser's back button: the photos of this page were handed in, or called off.
  window.addEventListener('pageshow', (event) => event.persisted && location.reload())
}

function csrfOf(form: HTMLFormElement): string {
  return form.querySelector<HTMLInputElement>('input[name="csrf"]')?.value ?? ''
}

function rulesOf({ dataset }: HTMLFormElement): PhotoRules {
  return { maxBytes: Number(dataset.maxBytes), fixtures: dataset.fixtures === 'true' }
}

interface Submission {
  readonly imageKey: string
  readonly sides: readonly DocumentSide[]
}

/** What is sent is put into the form's data as it leaves: nothing of it ever stands in the page. */
function handIn(form: HTMLFormElement, { imageKey, sides }: Submission): void {
  const isAhead = sides.every(({ arrived }) => arrived)
  form.addEventListener('formdata', ({ formData }) => {
    if (isAhead) formData.set('imageKey', imageKey)
    for (const side of sides) {
      if (isAhead) addArrived(formData, side)
      else addPhoto(formData, side)
    }
  })
  if (isAhead) form.enctype = 'application/x-www-form-urlencoded'
  form.submit()
}

function addArrived(formData: FormData, { name, arrived }: DocumentSide): void {
  formData.delete(name)
  formData.set(`${name}_upload`, arrived?.uploadId ?? '')
  formData.set(`${name}_iv`, arrived?.iv ?? '')
  formData.set(`${name}_type`, arrived?.contentType ?? '')
}

/** As if there were no script: what was sent ahead is left behind, and all photos go with the form. */
function addPhoto(formData: FormData, { name, photo }: DocumentSide): void {
  const type = photo?.contentType ?? ''
  const fileName = type === 'text/yaml' ? `${name}.yaml` : name
  formData.set(name, new File(photo ? [photo.bytes] : [], fileName, { type }))
}

/**
 * Spoken by screen readers, so only when there is something new to say.
 * @param by Heard alone is what stands elsewhere for everyone who sees the page.
 */
function sayOverall(form: HTMLFormElement, text: string, by: 'all' | 'heard' = 'all'): void {
  const status = form.querySelector('[data-overall]')
  if (!status || status.textContent === text) return
  status.classList.toggle('usa-sr-only', by === 'heard')
  status.textContent = text
}
