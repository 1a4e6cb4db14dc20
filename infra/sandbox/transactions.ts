import { createHmac, randomBytes } from 'node:crypto'
import { Refusal } from './refusal.ts'
import type { Question } from './requests.ts'
import type { VendorName } from './scenarios.ts'

/** What a vendor remembers of the requests with one idempotency key. No personal data. */
export interface Call {
  readonly vendor: VendorName
  readonly key: string
  /** Requests with this key. */
  readonly count: number
  readonly billed: 0 | 1
  /** Keyed with a secret of this process: it tells requests apart and nothing else. */
  readonly payloadHash: string
  /** Keyed as well: the same in all that was ever asked about one person, under whatever key. */
  readonly person: string
  /** W3C Trace Context of the first request with this key. */
  readonly traceparent: string
  /** The vendor's own number, which its replies carry. */
  readonly transaction: string
  readonly firstAt: string
  readonly lastAt: string
}

export interface Transaction {
  readonly id: string
  /** Requests with this key, this one included. */
  readonly count: number
  /** Time until the answer is ready, measured from the first request with this key. */
  readonly waitMs: number
}

export interface TransactionRequest {
  readonly vendor: VendorName
  readonly idempotencyKey: string
  readonly traceparent: string
  readonly payload: Question
  readonly billed: boolean
  readonly takesMs: number
}

export interface Transactions {
  /** The same transaction for the same key, billed once. @throws Refusal when the key came with another payload before */
  open(request: TransactionRequest): Transaction
  calls(): Call[]
  /** The hash under which the calls about this person stand. */
  personHash(person: Question): string
}

// About 100 MB; a vendor forgets its oldest transactions, too.
const remembered = 200_000

interface Entry {
  readonly id: string
  readonly vendor: VendorName
  readonly key: string
  readonly payloadHash: string
  readonly person: string
  readonly traceparent: string
  readonly billed: boolean
  readonly firstAt: number
  readonly readyAt: number
  count: number
  lastAt: number
}

export function createTransactions(now: () => number = Date.now): Transactions {
  const secret = randomBytes(32)
  const entries = new Map<string, Entry>()

  const personHash = ({ first_name, last_name, date_of_birth }: Question) =>
    hash(secret, [first_name, last_name, date_of_birth])

  function begin(request: TransactionRequest) {
    const { vendor, idempotencyKey: key, traceparent, payload, billed, takesMs } = request
    const at = now()
    const entry: Entry = {
      id: `${vendor}-${randomBytes(12).toString('hex')}`,
      vendor,
      key,
      payloadHash: hash(secret, payload),
      person: personHash(payload),
      traceparent,
      billed,
      firstAt: at,
      readyAt: at + takesMs,
      count: 0,
      lastAt: at,
    }
    entries.set(`${vendor} ${key}`, entry)
    forgetOldest(entries)
    return entry
  }

  return {
    open(request) {
      const known = entries.get(`${request.vendor} ${request.idempotencyKey}`)
      if (known && known.payloadHash !== hash(secret, request.payload)) {
        throw new Refusal(409, 'idempotency_key_reused')
      }
      const entry = known ?? begin(request)
      entry.count += 1
      entry.lastAt = now()
      return { id: entry.id, count: entry.count, waitMs: Math.max(0, entry.readyAt - entry.lastAt) }
    },
    calls: () => Array.from(entries.values(), describe),
    personHash,
  }
}

function hash(secret: Uint8Array, payload: object): string {
  return createHmac('sha256', secret).update(JSON.stringify(payload)).digest('base64url')
}

function forgetOldest(entries: Map<string, Entry>): void {
  if (entries.size <= remembered) return
  for (const oldest of entries.keys()) {
    entries.delete(oldest)
    return
  }
}

function describe({ id, readyAt: _, billed, firstAt, lastAt, ...entry }: Entry): Call {
  return {
    ...entry,
    billed: billed ? 1 : 0,
    transaction: id,
    firstAt: new Date(firstAt).toISOString(),
    lastAt: new Date(lastAt).toISOString(),
  }
}
