import { once } from 'node:events'
import type { ClientRequest } from 'node:http'
import type { PlainResponse, Request } from 'got'
import type { Answer } from './refusal.ts'

const maxBodyBytes = 16 * 1024

/**
 * Waits for the answer of a call under way. Its status is the answer; a body that is late, cut short or too long is given up,
 * and the connection with it.
 */
export async function readAnswer(call: Request): Promise<Answer> {
  // The waits below hear of errors; one that comes between them concerns nobody.
  call.on('error', () => undefined)
  call.once('request', refuseUpgrade)
  const { statusCode, headers } = await headOf(call)
  return { status: statusCode, headers, body: await readBody(call) }
}

async function headOf(call: Request): Promise<PlainResponse> {
  const [response] = await once(call, 'response')
  return response
}

/** Nobody asked for another protocol. Node hands the connection out and takes no more care of it. */
function refuseUpgrade(request: ClientRequest): void {
  request.once('upgrade', (_, socket) => {
    socket.destroy()
    request.destroy(new Error('upgrade'))
  })
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
