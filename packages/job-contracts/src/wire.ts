import { z } from 'zod'
import type { Job, PayloadOf } from './define-job.ts'
import { moment } from './moment.ts'

/** Where one sealed message of a job lives. */
export interface JobSlot {
  readonly name: string
  readonly id: string
}

/** Seals text so that only the other service can read it, and only in this slot. */
export type Seal = (slot: JobSlot, plaintext: string) => Promise<string>
export type Open = (slot: JobSlot, message: string) => Promise<string>

/** A job before the database has stamped it with times. */
export interface PackedJob {
  readonly v: 1
  readonly id: string
  readonly job: string
  readonly traceparent: string
  readonly clear: Readonly<Record<string, unknown>>
  readonly sealed: string
}

/** What lies in a queue row, version 1. Times are database time. */
const wireV1 = z.object({
  v: z.literal(1),
  id: z.base64url().length(43),
  job: z.string(),
  traceparent: z.string(),
  enqueuedAt: moment,
  deadlineAt: moment,
  clear: z.record(z.string(), z.unknown()),
  sealed: z.string(),
})

export type WireJob = z.output<typeof wireV1>

export class WireError extends Error {
  override readonly name = 'WireError'
  readonly code: 'WIRE_UNREADABLE' | 'PAYLOAD_UNREADABLE'

  constructor(code: WireError['code'], options?: ErrorOptions) {
    super(code, options)
    this.code = code
  }
}

/** What every version says in the same place: the queue stamps the times, and the id is how a row is found. */
const anyVersion = z.object({
  v: z.number().int(),
  id: z.base64url().length(43),
  deadlineAt: moment,
})

export type NewerWire = z.output<typeof anyVersion>

/** Whether a queue row is of a version that came after all that this code can read. */
export function isNewerWire(raw: unknown): raw is NewerWire {
  const parsed = anyVersion.safeParse(raw)
  return parsed.success && parsed.data.v > newestVersion
}

const newestVersion = 1

export interface Packing {
  /** 256 random bits, base64url. */
  readonly id: string
  readonly traceparent: string
  readonly seal: Seal
}

/** Under which, among what is sealed, the job's `bound` fields stand once more. No field is called so. */
const boundFields = '~bound'

/** Splits a payload into its readable fields and the sealed rest, bound to this job and id. */
export async function packJob<J extends Job>(
  job: J,
  payload: z.input<J['payload']>,
  { id, traceparent, seal }: Packing,
): Promise<PackedJob> {
  const clear: Record<string, unknown> = {}
  const hidden: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(job.payload.parse(payload))) {
    const side = job.clear.includes(field) ? clear : hidden
    side[field] = value
  }
  if (job.bound) hidden[boundFields] = job.bound.map((field) => clear[field])
  const sealed = await seal({ name: job.name, id }, JSON.stringify(hidden))
  return { v: 1, id, job: job.name, traceparent, clear, sealed }
}

/**
 * Reads a queue row. Accepts the current wire version and, once there is a second one, the version before it.
 *
 * @throws WireError `WIRE_UNREADABLE`
 */
export function readWire(raw: unknown): WireJob {
  const parsed = wireV1.safeParse(raw)
  if (!parsed.success) throw new WireError('WIRE_UNREADABLE')
  return parsed.data
}

/**
 * Opens what {@link packJob} sealed and parses the whole payload again. Each field counts only on its own side: what is
 * readable in the row is what the job is given, and nothing readable stands in for what must be sealed. A bound field must
 * be as it was when the job was sealed.
 *
 * @throws WireError `PAYLOAD_UNREADABLE` when what was opened is not this job's payload; errors of `open` pass through.
 */
export async function unpackJob<J extends Job>(
  job: J,
  wire: WireJob,
  open: Open,
): Promise<PayloadOf<J>> {
  const text = await open({ name: job.name, id: wire.id }, wire.sealed)
  const { [boundFields]: bound, ...hidden } = parseHidden(text)
  const isClear = (field: string) => job.clear.includes(field)
  const isSplit = Object.keys(wire.clear).every(isClear) && !Object.keys(hidden).some(isClear)
  const parsed = job.payload.safeParse({ ...wire.clear, ...hidden })
  const isBound = sameTexts(
    bound,
    job.bound?.map((field) => wire.clear[field]),
  )
  if (!isSplit || !isBound || !parsed.success) throw new WireError('PAYLOAD_UNREADABLE')
  // zod cannot relate the generic schema to PayloadOf<J>; parsed one line above
  return parsed.data as PayloadOf<J>
}

/** Of lists of texts and numbers, or of nothing twice. */
const sameTexts = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

function parseHidden(text: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text))
  } catch {
    // The cause would quote the opened text.
    throw new WireError('PAYLOAD_UNREADABLE')
  }
}
