import type { Log } from '@anteroom/runtime'
import pg from 'pg'
import { beat, deleteLease, insertLease, lockLease } from './lease-statements.ts'

export interface LeaseOptions {
  readonly databaseUrl: string
  /** graphile-worker's id of this process, which stands in the rows it has claimed. */
  readonly workerId: string
  /** The lease is gone or cannot be proved any more: somebody else may already run our jobs. */
  readonly onLost: () => void
  readonly log: Log
}

export interface Lease {
  /** How long the lease has been held without a break, in milliseconds. */
  heldMs(): number
  release(): Promise<void>
}

const beatEveryMs = 1_000
const reconnectEveryMs = 250
/** Others take a silent worker for dead after 10 s; it must know of it before they do. */
const provenWithinMs = 8_000
const answerWithinMs = 2_000

/**
 * Proof that this process is alive: a session advisory lock on a connection of its own, and a heartbeat in database
 * time. The lock is freed by Postgres the moment the process dies; the heartbeat tells of one that is alive and stuck.
 */
export async function takeLease(options: LeaseOptions): Promise<Lease> {
  const { workerId, log } = options
  let client = await connect(options)
  try {
    await lockLease(client, workerId)
    await insertLease(client, workerId)
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
  let provenAt = performance.now()
  /** Undefined while there is no connection and so no lock. */
  let heldSince: number | undefined = performance.now()
  let ended = false

  function lose(): void {
    if (ended) return
    ended = true
    log.error('lease.lost', { workerId })
    options.onLost()
  }

  async function prove(): Promise<void> {
    if (!(await beat(client, workerId))) return lose()
    provenAt = performance.now()
  }

  /** The lock went with the connection. Nobody took the lease away meanwhile if its row is still there. */
  async function takeAgain(): Promise<void> {
    await client.end().catch(() => undefined)
    client = await connect(options)
    await lockLease(client, workerId)
    heldSince = performance.now()
    log.warn('lease.taken-again', { workerId })
    await prove()
  }

  async function keep(): Promise<void> {
    let connected = true
    while (!ended) {
      try {
        await (connected ? prove() : takeAgain())
        connected = true
      } catch {
        connected = false
        heldSince = undefined
      }
      await pause(connected ? beatEveryMs : reconnectEveryMs)
    }
  }

  const watch = setInterval(() => {
    if (performance.now() - provenAt > provenWithinMs) lose()
  }, beatEveryMs / 2).unref()
  const kept = keep()

  return {
    heldMs: () => (heldSince === undefined ? 0 : performance.now() - heldSince),
    async release() {
      ended = true
      clearInterval(watch)
      await kept
      await deleteLease(client, workerId).catch(() => undefined)
      await client.end().catch(() => undefined)
    },
  }
}

async function connect({ databaseUrl, log }: LeaseOptions): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    keepAlive: true,
    connectionTimeoutMillis: answerWithinMs,
    query_timeout: answerWithinMs,
  })
  client.on('error', () => log.warn('lease.connection-lost'))
  await client.connect()
  return client
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
