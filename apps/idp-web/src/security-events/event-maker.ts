import { randomBytes } from 'node:crypto'
import { newJobId, toJobRider } from '@anteroom/job-channel'
import { jobs, packJob, type Seal } from '@anteroom/job-contracts'
import { newTraceparent } from '@anteroom/runtime'
import { formsOf, tokenClaims } from '@anteroom/security-events'
import type { OwnSeal } from '../deps.ts'
import type { SignEvent } from './event-signer.ts'
import type { OutboxEvent, QueuedEvent } from './outbox.ts'
import { type EventReceivers, streamOf, txnFor } from './receivers.ts'

/** What tokens are made with. */
export interface EventParts {
  readonly issuer: string
  readonly receivers: EventReceivers
  readonly subjectKey: Uint8Array
  readonly sign: SignEvent
  readonly sealPayload: Seal
  /** For e-mail addresses in the outbox. */
  readonly record: OwnSeal
  /** Milliseconds since the epoch, database time. */
  readonly now: () => number
}

/** What else a token is made of. */
export interface EventMoment {
  /** Milliseconds since the epoch. */
  readonly happenedAt: number
  readonly email?: string | undefined
  /** Of the change, if it is being made now. */
  readonly traceparent?: string | undefined
}

/**
 * Signs the token of an event, and packs it into the job that carries it.
 *
 * @returns undefined where the partner is told of nothing any more, or the address that it is about is not known any more.
 */
export async function makeToken(
  parts: EventParts,
  event: OutboxEvent,
  { happenedAt, email, traceparent = newTraceparent() }: EventMoment,
): Promise<QueuedEvent | undefined> {
  const { issuer, receivers, subjectKey, sign, sealPayload: seal, now } = parts
  const { jti, txn, profile, partner, subject } = event
  const to = receivers.get(partner)
  const filled = formsOf(profile, event.happening, toSeconds(happenedAt)).find(
    ({ form }) => form.name === event.event,
  )
  const isNameless = filled?.form.about === 'address' && email === undefined
  if (!to || !filled || isNameless) return undefined
  const { audience } = to
  const issuedAt = toSeconds(now())
  const facts = { issuer, audience, jti, issuedAt, subject, email }
  const set = await sign(
    tokenClaims(profile, filled, { ...facts, txn: txnFor(subjectKey, partner, txn) }),
  )
  const packed = await packJob(
    jobs.riscDelivery,
    { partner, event: event.event, jti, stream: streamOf(subjectKey, partner, subject), set },
    { id: newJobId(), traceparent, seal },
  )
  return { ...event, rider: toJobRider(jobs.riscDelivery, packed) }
}

const toSeconds = (ms: number): number => Math.floor(ms / 1_000)

/** Where the e-mail address of an event is sealed. */
export const recordSlot = (jti: string) => ({ name: 'security-event', id: jti })

/** As Login.gov writes them: 32 hex characters. */
export const newJti = (): string => randomBytes(16).toString('hex')
