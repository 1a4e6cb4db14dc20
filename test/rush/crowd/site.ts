import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'

export interface Answer {
  readonly status: number
  /** Where a redirect leads. */
  readonly location: string
  /** Cookies that were set, as they are sent back. */
  readonly cookies: readonly string[]
  readonly body: Buffer
  /** Milliseconds since the epoch. */
  readonly sentAt: number
  readonly answeredAt: number
}

export interface Message {
  readonly cookie: string
  /** Absent: a GET. */
  readonly form?: Readonly<Record<string, string>>
}

/** The webs, asked in turn as a load balancer would, over connections that all people share. */
export interface Site {
  ask(path: string, message: Message): Promise<Answer>
  /** A stream of events: calls back when it says that there is an answer, and when it ends. Returns how to hang up. */
  listen(path: string, cookie: string, on: StreamEvents): () => void
  /** How many requests were sent in each second since the first. */
  readonly perSecond: readonly number[]
  close(): void
}

export interface StreamEvents {
  readonly answer: () => void
  readonly end: () => void
}

const replyWithinMs = 10_000
const connections = 512

export function createSite(urls: readonly string[]): Site {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const streams = new Set<ClientRequest>()
  const places = urls.map((url) => new URL(url))
  const perSecond: number[] = []
  const startedAt = Date.now()
  let turn = 0

  function placeOf(): { hostname: string; port: string } {
    turn += 1
    const second = Math.floor((Date.now() - startedAt) / 1000)
    perSecond[second] = (perSecond[second] ?? 0) + 1
    const { hostname = '', port = '' } = places[turn % places.length] ?? {}
    return { hostname, port }
  }

  return {
    perSecond,
    ask: (path, message) => ask({ ...placeOf(), path, agent, timeout: replyWithinMs }, message),
    listen(path, cookie, on) {
      const headers = { cookie, accept: 'text/event-stream' }
      const stream = request({ ...placeOf(), path, agent: false, headers })
      streams.add(stream)
      stream.once('close', () => {
        streams.delete(stream)
        on.end()
      })
      stream.once('error', () => undefined)
      stream.once('response', (response) => {
        response.on('error', () => undefined)
        response.on('data', (piece: Buffer) => {
          if (piece.includes('event: answer')) on.answer()
        })
      })
      stream.end()
      return () => void stream.destroy()
    },
    close() {
      for (const stream of streams) stream.destroy()
      agent.destroy()
    },
  }
}

type Target = Readonly<{
  hostname: string
  port: string
  path: string
  agent: Agent
  timeout: number
}>

async function ask(target: Target, { cookie, form }: Message): Promise<Answer> {
  const sentAt = now()
  const response = await open(target, { cookie, form: form && new URLSearchParams(form) })
  const pieces: Buffer[] = []
  for await (const piece of response) pieces.push(piece)
  const { statusCode: status = 0, headers } = response
  const cookies = headers['set-cookie']?.map((header) => header.split(';', 1)[0] ?? '') ?? []
  const body = Buffer.concat(pieces)
  return { status, location: headers.location ?? '', cookies, body, sentAt, answeredAt: now() }
}

interface Outgoing {
  readonly cookie: string
  readonly form: URLSearchParams | undefined
}

function open(target: Target, { cookie, form }: Outgoing): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const body = form?.toString()
    const outgoing = request({
      ...target,
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        cookie,
        ...(body !== undefined && {
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': Buffer.byteLength(body),
        }),
      },
    })
    outgoing.once('response', resolve)
    outgoing.once('error', reject)
    outgoing.once('timeout', () => outgoing.destroy(new Error('no reply')))
    outgoing.end(body)
  })
}

/** Milliseconds since the epoch, with fractions. */
const now = () => performance.timeOrigin + performance.now()
