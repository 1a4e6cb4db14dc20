import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import https from 'node:https'
import { setTimeout as wait } from 'node:timers/promises'
import { admit, checkToken } from './admission.ts'
import { decide, isBilled } from './decision.ts'
import { Refusal } from './refusal.ts'
import { replies, sendJson, sendScript } from './replies.ts'
import type { Question } from './requests.ts'
import { type Call, createTransactions, type Transactions } from './transactions.ts'

export { vendorHosts } from './admission.ts'

export interface SandboxOptions {
  /** 0 takes a free one. */
  readonly port: number
  readonly certificates: { readonly cert: string; readonly key: string }
  /** The bearer token that all vendors ask for. */
  readonly token: string
}

export interface SandboxVendors {
  readonly port: number
  /** What the vendors remember, oldest first; also at `GET /sandbox/calls`. */
  calls(): readonly Call[]
  /** The hash under which the calls about this person stand. */
  personHash(person: Question): string
  /** Connections that were ever opened to the vendors. */
  connections(): number
  stop(): Promise<void>
}

/**
 * Simulated vendors behind one HTTPS server, told apart by host name. They keep nothing but `calls`, and they
 * refuse a Social Security number that somebody could have.
 */
export async function startSandboxVendors(options: SandboxOptions): Promise<SandboxVendors> {
  const { port, certificates, token } = options
  const transactions = createTransactions()
  let connections = 0

  const server = https.createServer(
    { cert: certificates.cert, key: certificates.key, minVersion: 'TLSv1.2' },
    (request, response) => {
      answer({ request, response, token, transactions }).catch(() => response.destroy())
    },
  )
  server.on('connection', () => {
    connections += 1
  })
  server.listen({ port, host: '127.0.0.1', backlog: 2_048 })
  await once(server, 'listening')

  return {
    port: portOf(server),
    calls: () => transactions.calls(),
    personHash: transactions.personHash,
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
  readonly token: string
  readonly transactions: Transactions
}

async function answer(exchange: Exchange): Promise<void> {
  try {
    if (exchange.request.url === '/sandbox/calls') listCalls(exchange)
    else await answerQuestion(exchange)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // What is left of the body is not read: the connection ends with this reply.
    if (!exchange.request.complete) exchange.response.setHeader('connection', 'close')
    sendJson(exchange.response, error.status, { error: error.code })
  }
}

function listCalls({ request, response, token, transactions }: Exchange): void {
  checkToken(request, token)
  sendJson(response, 200, { calls: transactions.calls() })
}

async function answerQuestion(exchange: Exchange): Promise<void> {
  const { request, response, token, transactions } = exchange
  const { question, script, ...keys } = await admit(request, token)
  const { takesMs, effect } = decide(keys.vendor, question)
  const { id, waitMs } = transactions.open({
    ...keys,
    payload: question,
    billed: isBilled(effect) && script?.kind !== 'status',
    takesMs,
  })
  if (waitMs > 0) await waitWhileOpen(response, waitMs)
  if (response.destroyed) return
  if (script && effect === 'match') sendScript(response, id, script)
  else replies[effect](response, id)
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
