import { type ImageKey, type SealedImage, sealImage } from '@anteroom/crypto/browser'
import type { CaptureWords } from '../texts/en/document-capture.ts'
import { lookAt, type Photo, type PhotoRules } from './document-photo.ts'
import { askForPlace, putSealed } from './document-requests.ts'
import { createSideView, type SideState, type SideView } from './document-side-view.ts'
import { type UploadEnd, upload } from './document-upload.ts'

/** What the form says of a photo that has arrived. */
export interface Arrived {
  readonly uploadId: string
  readonly iv: string
  readonly contentType: string
}

/** The camera of this device, within the page. */
export interface Camera {
  /** Without a photo the person wanted none, or has been told why there is none. */
  take(side: DocumentSide): Promise<Blob | undefined>
  /** What to say beside the rest of a photo from here that is doubtful. */
  doubted(): string
}

export interface SideOptions {
  readonly name: 'front' | 'back'
  readonly part: HTMLElement
  readonly submissionId: string
  readonly csrf: string
  readonly key: Promise<ImageKey>
  readonly words: CaptureWords
  readonly rules: PhotoRules
  readonly camera: Camera
  readonly onChange: () => void
}

/** One side of the document, from choosing a photo to its having arrived. */
export class DocumentSide {
  readonly #options: SideOptions
  readonly #view: SideView
  #state: SideState = 'empty'
  #text = ''
  #photo: Photo | undefined
  #arrived: Arrived | undefined
  /** A photo is sealed once: sent again, it is the same bytes under the same IV. */
  readonly #sealed = new WeakMap<Photo, Promise<SealedImage>>()
  /** Calls off whatever belongs to the photo before. */
  #stopper = new AbortController()

  constructor(options: SideOptions) {
    this.#options = options
    this.#view = createSideView(options.part, options.words, {
      chosen: (file) => this.#look(file, file.name),
      openLens: () => this.#openLens(),
      again: () => this.#again(),
      anyway: () => this.#send(),
      resend: () => this.#send(),
      direct: () => this.#show('direct', options.words.direct),
    })
  }

  get name(): 'front' | 'back' {
    return this.#options.name
  }

  /** As the page calls it. */
  get title(): string {
    return this.#options.part.querySelector('legend')?.textContent ?? ''
  }

  get state(): SideState {
    return this.#state
  }

  /** Undefined until the photo is there. */
  get arrived(): Arrived | undefined {
    return this.#arrived
  }

  /** Undefined without a photo. */
  get photo(): Photo | undefined {
    return this.#photo
  }

  say(text: string): void {
    this.#show(this.#state, text)
  }

  /** There is no use for the camera here. */
  hideCamera(): void {
    this.#view.hideCamera()
  }

  /** Brings the person here, and tells what has to be done first. */
  demand(): string {
    if (this.#state === 'empty') this.#show('empty', this.#options.words.missing)
    this.#view.demand()
    return this.#text
  }

  close(): void {
    this.#stopper.abort()
  }

  #show(state: SideState, text: string): void {
    this.#state = state
    this.#text = text
    this.#view.show(state, text)
    this.#options.onChange()
  }

  #openLens(): void {
    const { signal } = this.#stopper
    this.#options.camera.take(this).then(
      (photo) => photo && this.#look(photo),
      () => this.#unexpected(signal),
    )
  }

  #again(): void {
    const wasSending = this.#state === 'sending'
    this.#restart()
    this.#show('empty', wasSending ? this.#options.words.cancelled : '')
  }

  #restart(): AbortSignal {
    this.#stopper.abort()
    this.#stopper = new AbortController()
    this.#photo = undefined
    this.#arrived = undefined
    return this.#stopper.signal
  }

  /** @param fileName Of a file that was chosen; the camera gives none. */
  #look(file: Blob, fileName?: string): void {
    const { words, rules } = this.#options
    const signal = this.#restart()
    this.#show('looking', words.looking)
    lookAt(file, rules).then(
      (looked) => {
        if (signal.aborted) return
        if (looked.state === 'photo') this.#take(looked.photo, fileName)
        else this.#show('refused', words.refusals[looked.reason])
      },
      () => this.#unexpected(signal),
    )
  }

  #take(photo: Photo, fileName: string | undefined): void {
    this.#photo = photo
    this.#view.preview(photo.preview, fileName ?? '')
    if (photo.hints.length === 0) this.#send()
    else this.#doubt(photo, fileName === undefined)
  }

  #doubt(photo: Photo, isOfCamera: boolean): void {
    const { words, camera } = this.#options
    const reasons = photo.hints.map((hint) => words.hints[hint])
    const ofCamera = isOfCamera ? camera.doubted() : ''
    this.#show('doubtful', [words.doubts, ...reasons, words.doubtsEnd, ofCamera].join(' ').trim())
  }

  #send(): void {
    if (!this.#photo) return
    const { signal } = this.#stopper
    this.#view.progress(0)
    this.#show('sending', this.#options.words.sending)
    this.#upload(this.#photo, signal).catch(() => this.#unexpected(signal))
  }

  async #upload(photo: Photo, signal: AbortSignal): Promise<void> {
    const { csrf, words, name: side } = this.#options
    const { contentType, bytes } = photo
    const { iv, sealed } = await this.#seal(photo)
    const fresh = { csrf, side, contentType, bytes: bytes.length }
    const onProgress = (share: number) => signal.aborted || this.#view.progress(share)
    const end = await upload({
      ask: (uploadId) => askForPlace(uploadId === undefined ? fresh : { csrf, uploadId }, signal),
      put: (place) => {
        this.#show('sending', words.sending)
        return putSealed({ place, sealed, onProgress, signal })
      },
      pause: (milliseconds) => {
        this.#show('sending', words.offline)
        return pause(milliseconds, signal)
      },
      random: Math.random,
      signal,
    })
    if (end.state === 'stored') this.#arrived = { uploadId: end.uploadId, iv, contentType }
    this.#settle(end)
  }

  #seal(photo: Photo): Promise<SealedImage> {
    const { key, submissionId, name: side } = this.#options
    const { contentType, bytes } = photo
    const sealing =
      this.#sealed.get(photo) ??
      key.then((used) => sealImage(used, { submissionId, side, contentType, bytes }))
    this.#sealed.set(photo, sealing)
    return sealing
  }

  #settle({ state }: UploadEnd): void {
    const { words } = this.#options
    switch (state) {
      case 'stopped':
        break
      case 'gone':
        location.reload()
        break
      case 'full':
      case 'failed':
        this.#show('failed', words[state])
        break
      case 'stored':
        this.#show('ready', words.ready)
        break
    }
  }

  /** Such as too little memory for a photo: another may do. */
  #unexpected(signal: AbortSignal): void {
    if (signal.aborted) return
    this.#restart()
    this.#show('refused', this.#options.words.refusals.damaged)
  }
}

/** Ends early when the browser believes to be connected again, and when it is called off. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      window.clearTimeout(timer)
      window.removeEventListener('online', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = window.setTimeout(done, milliseconds)
    window.addEventListener('online', done)
    signal.addEventListener('abort', done)
  })
}
