import { delayAfterFailures } from './next-ask.ts'

/** Where one sealed photo may be put, once. */
export interface UploadPlace {
  readonly uploadId: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * `gone`: the visit is over. `full`: no more photos for now. `refused`: not this photo. `lost`: no answer, or trouble that
 * passes.
 */
export type Asked = UploadPlace | 'gone' | 'full' | 'refused' | 'lost'

/** `expired`: the place is no longer open. `refused`: it never was. `lost`: no answer, or trouble that passes. */
export type PutEnd = 'stored' | 'expired' | 'refused' | 'lost'

export interface UploadDoors {
  /** @param uploadId Of the place that was given before, to have it opened again. */
  ask(uploadId?: string): Promise<Asked>
  put(place: UploadPlace): Promise<PutEnd>
  /** Waits so many milliseconds, or until it looks as if there were a connection again. */
  pause(milliseconds: number): Promise<void>
  readonly random: () => number
  /** Ends every door at once. */
  readonly signal: AbortSignal
}

export type UploadEnd =
  | { readonly state: 'stored'; readonly uploadId: string }
  | { readonly state: 'gone' | 'full' | 'failed' | 'stopped' }

/** Brings a sealed photo to where it is kept. What is lost on the way goes again: the person still has the photo here. */
export async function upload(doors: UploadDoors): Promise<UploadEnd> {
  let last: Try = { lostPuts: 0 }
  for (let failures = 1; failures <= mostFailures; failures += 1) {
    const { end, ...next } = await tryOnce(doors, last)
    if (doors.signal.aborted) return { state: 'stopped' }
    if (end) return end
    last = next
    await doors.pause(delayAfterFailures(failures, doors.random))
    if (doors.signal.aborted) return { state: 'stopped' }
  }
  return { state: 'failed' }
}

/** With the waits in between about two minutes. */
const mostFailures = 10
/** So often can we be reached but not the place: something on the way does not let people go there. */
const mostLostPuts = 5

interface Try {
  readonly end?: UploadEnd
  /** Of the place that was given last. */
  readonly uploadId?: string
  readonly lostPuts: number
}

/** Asking first tells whether we can be reached at all, and renews the way to a place that was given before. */
async function tryOnce(doors: UploadDoors, last: Try): Promise<Try> {
  const asked = await doors.ask(last.uploadId)
  if (asked === 'lost' || doors.signal.aborted) return last
  if (asked === 'refused') return { ...last, end: { state: 'failed' } }
  if (asked === 'gone' || asked === 'full') return { ...last, end: { state: asked } }
  const { uploadId } = asked
  const { lostPuts } = last
  const put = await doors.put(asked)
  switch (put) {
    case 'stored':
      return { lostPuts, end: { state: 'stored', uploadId } }
    case 'refused':
      return { lostPuts, end: { state: 'failed' } }
    case 'expired':
      return { lostPuts, uploadId }
    case 'lost':
      return lostPuts + 1 < mostLostPuts
        ? { lostPuts: lostPuts + 1, uploadId }
        : { lostPuts, end: { state: 'failed' } }
  }
}
