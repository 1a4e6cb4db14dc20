import type { Asked, PutEnd, UploadPlace } from './document-upload.ts'

export interface NewPlace {
  readonly csrf: string
  readonly side: string
  readonly contentType: string
  /** Bytes of the photo before it is sealed. */
  readonly bytes: number
}

/** A place of ours that is no longer open. */
export interface SamePlace {
  readonly csrf: string
  readonly uploadId: string
}

/** Asks where a photo may be put. Never rejects. */
export async function askForPlace(
  request: NewPlace | SamePlace,
  signal: AbortSignal,
): Promise<Asked> {
  const limit = new AbortController()
  const stop = () => limit.abort()
  const timer = window.setTimeout(stop, answerTimeoutMs)
  signal.addEventListener('abort', stop)
  try {
    const response = await fetch('/verify/document/uploads', {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(request),
      // Whoever has no session is sent to another page, which is no answer to this.
      redirect: 'manual',
      signal: limit.signal,
    })
    return response.ok ? toPlace(await response.json()) : toAsked(response)
  } catch {
    return 'lost'
  } finally {
    window.clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

export interface PutRequest {
  readonly place: UploadPlace
  readonly sealed: ArrayBuffer
  /** How much has left this device, 0 to 1. */
  readonly onProgress: (share: number) => void
  readonly signal: AbortSignal
}

/** Puts a sealed photo in its place. Never rejects. Not by `fetch`, which does not tell how far it has come. */
export function putSealed({ place, sealed, onProgress, signal }: PutRequest): Promise<PutEnd> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    const stop = () => request.abort()
    const watch = createStallWatch(stop)
    request.upload.addEventListener('progress', ({ loaded }) => {
      watch.moved()
      onProgress(loaded / sealed.byteLength)
    })
    request.addEventListener('loadend', () => {
      watch.stop()
      signal.removeEventListener('abort', stop)
      resolve(putEndOf(request.status))
    })
    request.open('PUT', place.url)
    for (const [name, value] of Object.entries(place.headers)) {
      if (!isForBrowser(name)) request.setRequestHeader(name, value)
    }
    signal.addEventListener('abort', stop)
    request.send(sealed)
  })
}

const answerTimeoutMs = 15_000
/** A connection on which nothing has moved for so long is taken for dead. */
const stalledMs = 30_000

function toAsked(response: Response): Asked {
  if (response.type === 'opaqueredirect') return 'gone'
  switch (response.status) {
    case 401:
    case 403:
    case 404:
      return 'gone'
    case 409:
    case 429:
      return 'full'
    case 400:
    case 413:
    case 415:
    case 422:
      return 'refused'
    default:
      return 'lost'
  }
}

function toPlace(reply: { uploadId?: unknown; url?: unknown; headers?: unknown }): Asked {
  const { uploadId, url, headers } = reply
  if (typeof uploadId !== 'string' || typeof url !== 'string') return 'lost'
  if (typeof headers !== 'object' || headers === null) return 'lost'
  const texts = Object.entries(headers).map(([name, value]) => [name, String(value)])
  return { uploadId, url, headers: Object.fromEntries(texts) }
}

/** A browser sets these itself and lets no script do it. */
function isForBrowser(name: string): boolean {
  return ['content-length', 'host'].includes(name.toLowerCase())
}

function createStallWatch(onStall: () => void): { moved(): void; stop(): void } {
  let timer = window.setTimeout(onStall, stalledMs)
  const stop = () => window.clearTimeout(timer)
  const moved = () => {
    stop()
    timer = window.setTimeout(onStall, stalledMs)
  }
  return { moved, stop }
}

/** 0 is no answer. 412 says that it is there already: an earlier try arrived, and only its answer was lost. */
function putEndOf(status: number): PutEnd {
  if ((status >= 200 && status < 300) || status === 412) return 'stored'
  if (status === 403) return 'expired'
  const passes = status === 0 || status >= 500 || [400, 408, 409, 429].includes(status)
  return passes ? 'lost' : 'refused'
}
