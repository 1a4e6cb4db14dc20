import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface ReceivedWebhook {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Whether it was signed by our secret, just now. Another one was refused. */
  readonly isGenuine: boolean
  readonly body: string
}

export interface WebhookDesk {
  /** In the order in which they came; a repetition is not told twice. */
  received(): readonly ReceivedWebhook[]
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>
}

const mostBytes = 64 * 1024
const mostSecondsApart = 300

/** Takes messages that are signed as Standard Webhooks 1.0.0, and keeps them in memory. */
export function createWebhookDesk(secret: string): WebhookDesk {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const received = new Map<string, ReceivedWebhook>()
  return {
    received: () => [...received.values()],
    async answer(request, response) {
      if (request.method !== 'POST') return void response.writeHead(405).end()
      const body = await readBody(request)
      if (body === undefined) return void response.writeHead(413).end()
      const isGenuine = isSigned(request.headers, body, key)
      const id = String(request.headers['webhook-id'])
      if (!received.get(id)?.isGenuine) {
        received.set(id, { id, at: Date.now(), isGenuine, body })
      }
      response.writeHead(isGenuine ? 204 : 401).end()
    },
  }
}

function isSigned(headers: IncomingMessage['headers'], body: string, key: Buffer): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signatures } = headers
  const apart = Math.abs(Date.now() / 1_000 - Number(at))
  if (!(apart <= mostSecondsApart)) return false
  const wanted = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest()
  return String(signatures)
    .split(' ')
    .some((one) => {
      const given = Buffer.from(one.replace(/^v1,/, ''), 'base64')
      return (
        one.startsWith('v1,') && given.length === wanted.length && timingSafeEqual(given, wanted)
      )
    })
}

/** Undefined if it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > mostBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
