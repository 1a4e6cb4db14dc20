import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { withDeadline } from './deadline.ts'
import type { Metrics } from './metrics.ts'

export interface InternalServer {
  readonly port: number
  /** From now on `/readyz` says 503, so that no new work is sent here. */
  draining(): void
  close(): Promise<void>
}

export interface InternalServerOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** What this service cannot work without. A check fails by rejecting, or by taking too long. */
  readonly ready: Readonly<Record<string, () => Promise<void>>>
  /** For each check; they run side by side. */
  readonly checkTimeoutMs?: number
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>
  /** What answers everything at and below its path, such as `/console`. */
  readonly mounted?: Mounted | undefined
}

export interface Mounted {
  readonly path: string
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
}

/**
 * `/livez`, `/readyz` and `/metrics`, for the machines that run the service and never for the public, and what is mounted.
 * Rejects only if it cannot listen; once it does, nothing that is asked of it makes it throw.
 */
export async function startInternalServer(options: InternalServerOptions): Promise<InternalServer> {
  const state = { draining: false }
  const server = createServer({ requestTimeout: longestRequestMs }, (request, response) => {
    if (options.mounted && isBelow(request, options.mounted)) {
      options.mounted.handle(request, response)
    } else {
      void answer(request, options, state)
        .catch(() => failed)
        .then((reply) => send(request, response, reply))
    }
  })
  server.on('clientError', (_error, socket) => socket.destroy())
  server.listen(options.port, options.host)
  await once(server, 'listening')
  // An error of the listening socket ends no process; the readiness probe notices.
  server.on('error', () => {})
  return {
    port: portOf(server, options.port),
    draining: () => {
      state.draining = true
    },
    close: () => close(server),
  }
}

/** Until all of a request must have come. */
const longestRequestMs = 30_000

function isBelow({ url = '' }: IncomingMessage, { path }: Mounted): boolean {
  return url === path || url.startsWith(`${path}/`) || url.startsWith(`${path}?`)
}

interface Reply {
  readonly status: 200 | 404 | 500 | 503
  readonly type: string
  readonly body: string
}

async function answer(
  { method = '', url = '' }: IncomingMessage,
  options: InternalServerOptions,
  { draining }: { readonly draining: boolean },
): Promise<Reply> {
  const [path] = url.split('?', 1)
  if (method !== 'GET' && method !== 'HEAD') return notFound
  if (path === '/livez') return json(200, { status: 'live' })
  if (path === '/readyz') return draining ? json(503, { status: 'draining' }) : readiness(options)
  if (path !== '/metrics') return notFound
  return { status: 200, type: options.metrics.contentType, body: await options.metrics.text() }
}

const failed: Reply = { status: 500, type: 'text/plain', body: 'Failed\n' }
const notFound: Reply = { status: 404, type: 'text/plain', body: 'Not found\n' }

async function readiness({ ready, checkTimeoutMs = 2000 }: InternalServerOptions): Promise<Reply> {
  const results = await Promise.all(
    Object.entries(ready).map(
      async ([name, check]) => [name, await outcomeOf(check, checkTimeoutMs)] as const,
    ),
  )
  const allOk = results.every(([, outcome]) => outcome === 'ok')
  const checks = Object.fromEntries(results)
  return allOk ? json(200, { status: 'ready', checks }) : json(503, { status: 'not ready', checks })
}

async function outcomeOf(check: () => Promise<void>, timeoutMs: number): Promise<'ok' | 'failed'> {
  try {
    await withDeadline(check(), timeoutMs)
    return 'ok'
  } catch {
    return 'failed'
  }
}

function json(status: Reply['status'], content: object): Reply {
  return { status, type: 'application/json', body: `${JSON.stringify(content)}\n` }
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  // The caller may have gone while a check was running.
  if (response.destroyed) return
  response.on('error', () => {})
  response.writeHead(reply.status, {
    'content-type': reply.type,
    'content-length': Buffer.byteLength(reply.body),
    'cache-control': 'no-store',
  })
  response.end(request.method === 'HEAD' ? undefined : reply.body)
}

function portOf(server: Server, asked: number): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : asked
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
