import { Agent, type IncomingMessage, request } from 'node:http'
import { tokenOf } from '../../support/person.ts'

export interface Reply {
  readonly status: number
  /** Where a redirect leads. */
  readonly location: string
  readonly body: string
}

/** As much of a browser as a person needs here, and far cheaper than one: cookies, forms, one redirect at a time. */
export interface Browser {
  get(path: string): Promise<Reply>
  /** With the token of the last form that was seen. */
  post(path: string, fields: Readonly<Record<string, string>>): Promise<Reply>
  /** The same as JSON, as a script of the page does. */
  postJson(path: string, fields: Readonly<Record<string, string | number>>): Promise<Reply>
  /** Waits for the event of a stream, or for its end. */
  untilEvent(path: string, withinMs: number): Promise<void>
  cookie(name: string): string | undefined
  readonly slowestReplyMs: number
  /** Replies that took longer than a page may take. */
  readonly slowReplies: number
}

const replyWithinMs = 15_000
const pageWithinMs = 3_000
const agent = new Agent({ keepAlive: true, maxSockets: 2_000 })

/** Puts away the connections all browsers share. */
export function closeBrowsers(): void {
  agent.destroy()
}

/** @param urls Of equal webs, which are asked in turn, as a load balancer would. */
export function createBrowser(urls: readonly string[]): Browser {
  const cookies = new Map<string, string>()
  let token = ''
  let turn = Math.floor(Math.random() * urls.length)
  let slowestReplyMs = 0
  let slowReplies = 0

  async function send(path: string, form?: Form): Promise<Reply> {
    turn += 1
    const startedAt = performance.now()
    const response = await open(new URL(path, urls[turn % urls.length]), {
      form,
      cookies,
    })
    const body = await textOf(response)
    const tookMs = performance.now() - startedAt
    slowestReplyMs = Math.max(slowestReplyMs, tookMs)
    if (tookMs > pageWithinMs) slowReplies += 1
    for (const cookie of response.headers['set-cookie'] ?? []) keep(cookies, cookie)
    token = tokenOf(body) || token
    return { status: response.statusCode ?? 0, location: response.headers.location ?? '', body }
  }

  return {
    get: (path) => send(path),
    post: (path, fields) =>
      send(path, {
        type: 'application/x-www-form-urlencoded',
        body: new URLSearchParams({ csrf: token, ...fields }).toString(),
      }),
    postJson: (path, fields) =>
      send(path, {
        type: 'application/json',
        body: JSON.stringify({ csrf: token, ...fields }),
      }),
    async untilEvent(path, withinMs) {
      turn += 1
      const response = await open(new URL(path, urls[turn % urls.length]), {
        form: undefined,
        cookies,
      })
      const timer = setTimeout(() => response.destroy(), withinMs)
      // How the stream ends is of no interest: the page is asked next in any case.
      await textOf(response).catch(() => undefined)
      clearTimeout(timer)
    },
    cookie: (name) => cookies.get(name),
    get slowestReplyMs() {
      return slowestReplyMs
    },
    get slowReplies() {
      return slowReplies
    },
  }
}

interface Form {
  readonly type: string
  readonly body: string
}

interface Message {
  /** Absent: a GET. */
  readonly form: Form | undefined
  readonly cookies: ReadonlyMap<string, string>
}

function open(url: URL, { form, cookies }: Message): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: form ? 'POST' : 'GET',
      agent,
      timeout: replyWithinMs,
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form && {
          'content-type': form.type,
          'content-length': Buffer.byteLength(form.body),
        }),
      },
    })
    outgoing.once('response', resolve)
    outgoing.once('error', reject)
    outgoing.once('timeout', () => outgoing.destroy(new Error('no reply')))
    outgoing.end(form?.body)
  })
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = ''
  response.setEncoding('utf8')
  for await (const piece of response) text += piece
  return text
}

function keep(cookies: Map<string, string>, header: string): void {
  const [pair = '', ...attributes] = header.split('; ')
  const [name = '', value = ''] = pair.split('=', 2)
  if (attributes.some((attribute) => attribute.startsWith('Expires=Thu, 01 Jan 1970')))
    cookies.delete(name)
  else cookies.set(name, value)
}
