import type { CaptureWords } from '../texts/en/document-capture.ts'
import { type Hint, hintsOf } from './document-hints.ts'
import { lookAtSmall, toJpeg } from './document-photo.ts'

/** `blocked`: the person or the browser does not allow it. `none`: there is no camera. */
export type LensTrouble = 'blocked' | 'failed' | 'none'

export type LensEnd =
  | { readonly state: 'taken'; readonly photo: Blob }
  | { readonly state: 'closed' }
  | { readonly state: 'trouble'; readonly trouble: LensTrouble }

/** The camera of this device in a dialog: what it sees, what would make it better, and a button. */
export async function takePhoto(
  dialog: HTMLDialogElement,
  words: CaptureWords['lens'],
  side: string,
): Promise<LensEnd> {
  const lens = elementsOf(dialog)
  lens.title.textContent = words.title.replace('{side}', side)
  lens.take.disabled = true
  say(lens, words.starting)
  dialog.showModal()
  const closed = new AbortController()
  const close = () => closed.abort()
  dialog.addEventListener('close', close, { once: true })
  window.addEventListener('pagehide', close, { once: true })
  try {
    return await look(lens, words, closed.signal)
  } finally {
    dialog.close()
    stopCamera(lens.video)
  }
}

/** The back camera, as sharp as it can: a page that is read needs more than a picture of a face. */
const wanted = {
  video: {
    facingMode: 'environment',
    width: { ideal: 3_840 },
    height: { ideal: 2_160 },
  },
} as const
const startTimeoutMs = 15_000
const lookEveryMs = 1_000

interface Lens {
  readonly dialog: HTMLDialogElement
  readonly title: HTMLElement
  readonly video: HTMLVideoElement
  readonly status: HTMLElement
  readonly take: HTMLButtonElement
  readonly close: HTMLButtonElement
}

function elementsOf(dialog: HTMLDialogElement): Lens {
  const find = <E extends HTMLElement>(selector: string): E => {
    const found = dialog.querySelector<E>(selector)
    if (!found) throw new Error('The page lacks an element')
    return found
  }
  return {
    dialog,
    title: find('h2'),
    video: find('video'),
    status: find('[data-status]'),
    take: find('[data-take]'),
    close: find('[data-close]'),
  }
}

async function look(
  lens: Lens,
  words: CaptureWords['lens'],
  signal: AbortSignal,
): Promise<LensEnd> {
  const trouble = await Promise.race([start(lens, signal), aborted(signal)])
  if (signal.aborted) return { state: 'closed' }
  if (trouble) return { state: 'trouble', trouble }
  say(lens, words.started)
  lens.take.disabled = false
  lens.take.focus()
  const stopHints = sayHints(lens, words)
  const isTaken = await pressed(lens, signal)
  stopHints()
  if (!isTaken) return { state: 'closed' }
  return { state: 'taken', photo: await photograph(lens.video) }
}

/** Ends with what is wrong, or with nothing once there is a picture. */
async function start(
  { video, close, dialog }: Lens,
  signal: AbortSignal,
): Promise<LensTrouble | undefined> {
  close.onclick = () => dialog.close()
  try {
    const stream = await navigator.mediaDevices.getUserMedia(wanted)
    // The person may be asked for permission, and close the dialog before they answer.
    if (signal.aborted) return stopStream(stream)
    video.srcObject = stream
    await withinTime(video.play())
    return undefined
  } catch (error) {
    return troubleOf(error)
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined)))
}

async function withinTime(started: Promise<void>): Promise<void> {
  let timer: number | undefined
  const late = new Promise<void>((_, reject) => {
    timer = window.setTimeout(() => reject(new Error('No picture in time')), startTimeoutMs)
  })
  await Promise.race([started, late]).finally(() => window.clearTimeout(timer))
}

function troubleOf(error: unknown): LensTrouble {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'blocked'
  return name === 'NotFoundError' ? 'none' : 'failed'
}

function pressed({ take }: Lens, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    take.onclick = () => resolve(true)
    signal.addEventListener('abort', () => resolve(false))
  })
}

/** Says what would make the picture better, once it has been so for two looks, and not again until it changes. */
function sayHints(lens: Lens, words: CaptureWords['lens']): () => void {
  let seen: Hint | undefined
  const timer = window.setInterval(() => {
    const size = sizeOf(lens.video)
    const [hint] = hintsOf(lookAtSmall(lens.video, size).measures, size)
    if (hint === seen) say(lens, hint ? words.live[hint] : words.started)
    seen = hint
  }, lookEveryMs)
  return () => window.clearInterval(timer)
}

function photograph(video: HTMLVideoElement): Promise<Blob> {
  const { width, height } = sizeOf(video)
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d')?.drawImage(video, 0, 0)
  return toJpeg(canvas)
}

function sizeOf({ videoWidth, videoHeight }: HTMLVideoElement) {
  return { width: videoWidth, height: videoHeight }
}

function stopCamera(video: HTMLVideoElement): void {
  if (video.srcObject instanceof MediaStream) stopStream(video.srcObject)
  video.srcObject = null
}

function stopStream(stream: MediaStream): undefined {
  for (const track of stream.getTracks()) track.stop()
}

/** Spoken by screen readers, so only when there is something new to say. */
function say({ status }: Lens, text: string): void {
  if (status.textContent !== text) status.textContent = text
}
