import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import https from 'node:https'
import { setTimeout as wait } from 'node:timers/promises'
import { admit, checkToken, vendorOf } from './admission.ts'
import { decide, isBilled } from './decision.ts'
import { Refusal } from './refusal.ts'
import { controlPath, controlRegistry } from './registry/control.ts'
import { createRegistry, type Registry, type RegistryBehaviour } from './registry/registry.ts'
import { sendEntry } from './registry/send-entry.ts'
import { replies, sendBusy, sendJson, sendScript } from './replies.ts'
import type { Question } from './requests.ts'
import { type Call, createTransactions, type Transactions } from './transactions.ts'

export { vendorHosts } from './admission.ts'

export interface SandboxOptions {
  /** 0 takes a free one. */
  readonly port: number
  readonly certificates: { readonly cert: string; readonly key: string }
  /** The bearer token that all vendors ask for. */
  readonly token: string
  readonly registry?: Partial<RegistryBehaviour>
}

export interface SandboxVendors {
  readonly port: number
  /** Also at `/sandbox/registry`. */
  readonly registry: Registry
  /** What the vendors remember, oldest first; also at `GET /sandbox/calls`. */
  calls(): readonly Call[]
  /** The hash under which the calls about this person stand. */
  personHash(person: Question): string
  /** Which tokens they take from now on: two while one replaces the other. */
  setTokens(tokens: readonly string[]): void
  /** Connections that were ever opened to the vendors. */
  connections(): number
  stop(): Promise<void>
}

/**
 * Simulated vendors behind one HTTPS server, told apart by host name. They keep nothing but `calls`, and they
 * refuse a Social Security number that somebody could have.
 */
export async function startSandboxVendors(options: SandboxOptions): Promise<SandboxVendors> {
  const { port, certificates } = options
  let tokens: readonly string[] = [options.token]
  const transactions = createTransactions()
  const registry = createRegistry(options.registry)
  let connections = 0

  const server = https.createServer(
    { cert: certificates.cert, key: certificates.key, minVersion: 'TLSv1.2' },
    (request, response) => {
      answer({ request, response, tokens, transactions, registry }).catch(() => response.destroy())
    },
  )
  server.on('connection', () => {
    connections += 1
  })
  server.listen({ port, host: '127.0.0.1', backlog: 2_048 })
  await once(server, 'listening')

  return {
    port: portOf(server),
    registry,
    calls: () => transactions.calls(),
    personHash: transactions.personHash,
    setTokens: (next) => {
      tokens = next
    },
    connections: () => connections,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly tokens: readonly string[]
  readonly transactions: Transactions
  readonly registry: Registry
}

async function answer(exchange: Exchange): Promise<void> {
  try {
    await route(exchange)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // What is left of the body is not read: the connection ends with this reply.
    if (!exchange.request.complete) exchange.response.setHeader('connection', 'close')
    sendJson(exchange.response, error.status, { error: error.code })
  }
}

async function route(exchange: Exchange): Promise<void> {
  const { request, response, tokens, transactions, registry } = exchange
  switch (request.url) {
    case '/sandbox/calls':
      checkToken(request, tokens)
      return sendJson(response, 200, { calls: transactions.calls() })
    case controlPath:
      checkToken(request, tokens)
      return controlRegistry(registry, request, response)
    default:
      return answerQuestion(exchange)
  }
}

async function answerQuestion(exchange: Exchange): Promise<void> {
  const { request, response, tokens, transactions, registry } = exchange
  // Before the body is read: a quota counts what arrives, and when.
  const comeAgainIn = vendorOf(request) === 'registry' ? registry.arrive(keyOf(request)) : undefined
  const { question, script, ...keys } = await admit(request, tokens)
  if (comeAgainIn !== undefined) return sendBusy(response, comeAgainIn)
  const { takesMs, effect } = decide(keys.vendor, question)
  const isRegistry = keys.vendor === 'registry'
  const { id, waitMs, count } = transactions.open({
    ...keys,
    payload: question,
    billed: isBilled(effect) && script?.kind !== 'status',
    takesMs: isRegistry && takesMs === 0 ? registry.takesMs() : takesMs,
  })
  if (effect === 'busy' && count === 1) return replies.busy(response, id)
  if (waitMs > 0) await waitWhileOpen(response, waitMs)
  if (response.destroyed) return
  if (isRegistry && (effect === 'match' || effect === 'busy')) {
    sendEntry(response, id, { key: keys.idempotencyKey, at: Date.now() })
  } else if (script && effect === 'match') sendScript(response, id, script)
  else replies[effect](response, id)
}

function keyOf({ headers }: IncomingMessage): string {
  return String(headers['idempotency-key'] ?? '')
}

/** Waits no longer than the other side does. */
async function waitWhileOpen(response: ServerResponse, ms: number): Promise<void> {
  const left = new AbortController()
  const onClose = () => left.abort()
  response.once('close', onClose)
  await wait(ms, undefined, { signal: left.signal }).catch(() => undefined)
  response.off('close', onClose)
}

function portOf(server: https.Server): number {
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('The server has no port')
  return address.port
}
