import { randomBytes } from 'node:crypto'
import { formsOf } from '@anteroom/security-events'
import type { Grants } from '../openid/grants.ts'
import { type EventParts, makeToken, newJti, recordSlot } from './event-maker.ts'
import { type OutboxEvent, writeEvents } from './outbox.ts'
import type { EventReceiver } from './receivers.ts'
import type { Happening, SecurityEvents } from './security-events.ts'

export interface AnnounceParts extends EventParts {
  readonly grants: Grants
  /** The keyed hashes of an e-mail address, the newest first. */
  readonly addressHashes: (address: string) => readonly string[]
  /** Whether tokens are made now, and not held. */
  readonly active: boolean
}

/** Tells partners through the outbox. */
export function createAnnouncer(parts: AnnounceParts): SecurityEvents {
  return {
    async announce(accountId, happenings, traceparent) {
      const change = {
        accountId,
        txn: randomBytes(16).toString('base64url'),
        happenedAt: parts.now(),
        traceparent,
      }
      const connected = await connectedReceivers(parts, accountId)
      const wanted = happenings.flatMap((happening) =>
        connected
          .filter((to) => mayLearn(parts, to, happening))
          .flatMap((to) => eventsOf(change, to.to, happening)),
      )
      const events = await Promise.all(wanted.map((one) => prepare(parts, change, one)))
      return { write: (tx) => writeEvents(tx, events) }
    },
  }
}

interface Change {
  readonly accountId: string
  readonly txn: string
  readonly happenedAt: number
  readonly traceparent: string | undefined
}

interface Connected {
  readonly to: EventReceiver
  /** Keyed hashes of the e-mail addresses that it was told. */
  readonly toldAddresses: readonly string[]
}

/** Those that the person allowed something that still counts. */
async function connectedReceivers(
  { receivers, grants }: AnnounceParts,
  accountId: string,
): Promise<Connected[]> {
  const listed = await grants.list(accountId)
  return listed.flatMap(({ partner, toldAddresses }) => {
    const to = receivers.get(partner)
    return to ? [{ to, toldAddresses }] : []
  })
}

/** An address is told to who knows it already, and has agreed to keep it safe. Nothing else names anybody. */
function mayLearn(
  { addressHashes }: AnnounceParts,
  { to, toldAddresses }: Connected,
  { type, email, profile = to.receiver.profile }: Happening,
): boolean {
  if (profile !== to.receiver.profile) return false
  if (type !== 'identifier-changed' && type !== 'identifier-recycled') return true
  if (!to.receiver.email_events || email === undefined) return false
  return addressHashes(email).some((hash) => toldAddresses.includes(hash))
}

interface Wanted {
  readonly event: OutboxEvent
  readonly email: string | undefined
}

function eventsOf(
  { accountId, txn, happenedAt }: Change,
  { partner, receiver: { profile }, subjectOf }: EventReceiver,
  { email, profile: _told, ...happening }: Happening,
): Wanted[] {
  return formsOf(profile, happening, Math.floor(happenedAt / 1_000)).map(({ form }) => ({
    event: {
      jti: newJti(),
      txn,
      event: form.name,
      profile,
      happening,
      partner,
      subject: subjectOf(accountId),
      accountId,
    },
    email: form.about === 'address' ? email : undefined,
  }))
}

async function prepare(
  parts: AnnounceParts,
  { happenedAt, traceparent }: Change,
  { event, email }: Wanted,
): Promise<OutboxEvent> {
  const record =
    email === undefined ? undefined : await parts.record.seal(recordSlot(event.jti), email)
  const whole = { ...event, record }
  if (!parts.active) return whole
  return (await makeToken(parts, whole, { happenedAt, email, traceparent })) ?? whole
}
