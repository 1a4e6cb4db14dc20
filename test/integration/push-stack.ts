import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import https from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import tls from 'node:tls'
import { createAuthority } from '@anteroom/infra/local/authority.ts'
import { type LocalProxy, startProxy } from '@anteroom/infra/local/proxy.ts'
import {
  createOutboundAgent,
  createPushClient,
  type PushClient,
  type PushClientOptions,
  PushError,
  type Pushed,
  type PushOptions,
  type PushTarget,
} from '@anteroom/vendor-clients'
import { onTestFinished } from 'vitest'

/** A partner's name, and the public address that its name servers tell. Behind the proxy it is a port of this machine. */
export const host = 'events.partner.example'
export const address = '93.184.216.34'
export const token = 'eyJ0eXAi.eyJqdGki.c2lnbmF0dXJl'

export const authority = await createAuthority({ now: Date.now(), validDays: 30 })
const certified = await authority.certify({ hostNames: [host, '*.receiver.example'] })
const credentials = { username: 'worker', password: 'p@ss:/word' }

export interface Receiver {
  readonly port: number
  /** Connections so far. */
  connections(): number
}

/** A partner that answers by rule. It lives as long as the test. */
export function receiverThat(
  answer: RequestListener,
  options: https.ServerOptions = {},
): Promise<Receiver> {
  return listen(https.createServer({ ...certified, ...options }, answer))
}

/** A partner that is asked as any other and then has the bare connection to itself. */
export function receiverOnSocket(take: (socket: Socket) => void): Promise<Receiver> {
  const server = tls.createServer(certified, (socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => take(socket))
  })
  return listen(server)
}

/** Takes connections and says nothing. */
export function canary(): Promise<Receiver> {
  return listen(createServer())
}

export async function listen(server: Server): Promise<Receiver> {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  // Bound to a port: it is no pipe.
  const { port } = server.address() as AddressInfo
  return { port, connections: () => connections }
}

/** The local proxy, with a table of its own. */
export async function proxyWith(
  allow: Readonly<Record<string, { host: string; port: number }>>,
): Promise<LocalProxy> {
  const proxy = await startProxy({ port: 0, credentials, allow })
  onTestFinished(() => proxy.stop())
  return proxy
}

/** A proxy that leads the partner's public address to a receiver. */
export function proxyTo({ port }: Receiver): Promise<LocalProxy> {
  return proxyWith({ [address]: { host: '127.0.0.1', port } })
}

export type Push = (changes?: Partial<PushTarget & PushOptions>) => Promise<Pushed>

interface Behind {
  readonly url: string
}

/** A client behind this proxy, and the way to push a token with it. */
export function pusher(proxy: Behind, options: Partial<PushClientOptions> = {}): Push {
  return pushBy(proxy, options, (client, target, how) => client.push(target, token, how))
}

/** The same with a webhook. */
export function webhookPusher(proxy: Behind, options: Partial<PushClientOptions> = {}): Push {
  const message = { messageId: 'msg_1', timestamp: 1_800_000_000, signature: 'v1,c2ln', body: '{}' }
  return pushBy(proxy, options, (client, target, how) => client.pushWebhook(target, message, how))
}

function pushBy(
  { url: proxyUrl }: Behind,
  options: Partial<PushClientOptions>,
  push: (client: PushClient, target: PushTarget, how: PushOptions) => Promise<Pushed>,
): Push {
  const agent = createOutboundAgent({ proxyUrl, ca: authority.ca })
  const client = createPushClient({ agent, resolve: async () => [address], ...options })
  onTestFinished(() => {
    client.close()
    agent.close()
  })
  return ({ signal = new AbortController().signal, ...changes } = {}) => {
    const target = { receiver: 'agency', url: `https://${host}/events?a=1`, timeoutMs: 5_000 }
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    return push(client, { ...target, ...changes }, { signal, traceparent })
  }
}

/** The error of a push that must fail. */
export async function failureOf(pushing: Promise<unknown>): Promise<PushError> {
  const error = await pushing.then(
    () => new Error('The push was acknowledged'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof PushError) return error
  throw error
}
