import { once } from 'node:events'
import type { PlainResponse, Request } from 'got'
import { refuseUpgrade } from '../refuse-upgrade.ts'
import type { Answer } from './refusal.ts'

const maxBodyBytes = 16 * 1024

/**
 * Waits for the answer of a call under way. Its status is the answer; a body that is late, cut short or too long is given up,
 * and the connection with it. So is one that nobody wants.
 */
export async function readAnswer(
  call: Request,
  { wantsBody }: { readonly wantsBody: boolean },
): Promise<Answer> {
  // The waits below hear of errors; one that comes between them concerns nobody.
  call.on('error', () => undefined)
  call.once('request', refuseUpgrade)
  const { statusCode, headers } = await headOf(call)
  if (wantsBody) return { status: statusCode, headers, body: await readBody(call) }
  call.destroy()
  return { status: statusCode, headers, body: undefined }
}

async function headOf(call: Request): Promise<PlainResponse> {
  const [response] = await once(call, 'response')
  return response
}

async function readBody(call: Request): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    // Leaving the loop ends the call.
    for await (const chunk of call) {
      bytes += chunk.length
      if (bytes > maxBodyBytes) return undefined
      chunks.push(chunk)
    }
    return Buffer.concat(chunks).toString()
  } catch {
    return undefined
  }
}
