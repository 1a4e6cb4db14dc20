import { createImageKey, exportImageKey, sealImage } from '@anteroom/crypto/browser'
import type { Browser } from './browser.ts'

/** What the script of the capture page does: seals both sides and sends them straight to S3. */
export interface Photos {
  readonly submissionId: string
  /** Sends what is not there yet; may be asked again after it failed. Gives what the form then says. */
  send(): Promise<Readonly<Record<string, string>>>
}

const contentType = 'text/yaml'
const putWithinMs = 5_000

export async function takePhotos(
  browser: Browser,
  submissionId: string,
  file: string,
): Promise<Photos> {
  const key = await createImageKey()
  const imageKey = await exportImageKey(key)
  const bytes = new TextEncoder().encode(file)
  const images = await Promise.all(
    (['front', 'back'] as const).map(async (side) => {
      const sealed = await sealImage(key, { submissionId, side, contentType, bytes })
      return { side, ...sealed, uploadId: '', isThere: false }
    }),
  )
  return {
    submissionId,
    async send() {
      const fields: Record<string, string> = { imageKey }
      for (const image of images) {
        if (!image.isThere) {
          const room = await askForRoom(browser, image, bytes.length)
          image.uploadId = room.uploadId
          await put(room, image.sealed)
          image.isThere = true
        }
        const { side, uploadId, iv } = image
        fields[`${side}_upload`] = uploadId
        fields[`${side}_iv`] = iv
        fields[`${side}_type`] = contentType
      }
      return fields
    },
  }
}

interface Room {
  readonly uploadId: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** New room, or the way to what was given out before. */
async function askForRoom(
  browser: Browser,
  { side, uploadId }: { readonly side: string; readonly uploadId: string },
  bytes: number,
): Promise<Room> {
  const asked = uploadId === '' ? { side, contentType, bytes } : { uploadId }
  const reply = await browser.postJson('/verify/document/uploads', asked)
  if (reply.status >= 300) throw new Error(`no room for a photo: ${reply.status}`)
  return JSON.parse(reply.body)
}

async function put({ url, headers }: Room, body: ArrayBuffer): Promise<void> {
  const signal = AbortSignal.timeout(putWithinMs)
  const reply = await fetch(url, { method: 'PUT', headers, body, signal })
  await reply.body?.cancel()
  // It is there already where only the answer was lost.
  if (!reply.ok && reply.status !== 412) throw new Error(`a photo was not taken: ${reply.status}`)
}
