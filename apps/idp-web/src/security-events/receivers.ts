import { createHmac } from 'node:crypto'
import type { Receiver } from '@anteroom/security-events'
import type { Openid } from '../openid/openid.ts'
import type { Partner } from '../openid/partners.ts'
import { subjectFor } from '../openid/subjects.ts'

/** A partner that is told of security events. */
export interface EventReceiver {
  /** By its id. */
  readonly partner: string
  readonly receiver: Receiver
  /** The `aud` of its tokens. */
  readonly audience: string
  subjectOf(accountId: string): string
}

export type EventReceivers = ReadonlyMap<string, EventReceiver>

/** The partners that the partners file has `security_events` of. */
export function eventReceivers({ partners, settings }: Openid): EventReceivers {
  return new Map(
    [...partners.values()].flatMap((partner) => {
      const { id, security_events: receiver } = partner
      if (!receiver) return []
      const subjectOf = (accountId: string) => subjectFor(settings.subjectKey, partner, accountId)
      return [[id, { partner: id, receiver, audience: audienceOf(partner, receiver), subjectOf }]]
    }),
  )
}

function audienceOf({ id }: Partner, { audience, profile, url }: Receiver): string {
  return audience ?? (profile === 'login-gov' ? url : id)
}

/**
 * By which a partner knows that tokens come of one change. Another one for each partner: by a common one, partners could tell
 * that two of their subjects are the same person's.
 */
export function txnFor(key: Uint8Array, partner: string, txn: string): string {
  return createHmac('sha256', key)
    .update(`anteroom event txn ${partner.length} ${partner} ${txn}`)
    .digest('base64url')
    .slice(0, 22)
}

/** Names everything that one partner is told of one person, and neither of them. */
export function streamOf(key: Uint8Array, partner: string, subject: string): string {
  return createHmac('sha256', key)
    .update(`anteroom event stream ${partner.length} ${partner} ${subject}`)
    .digest('base64url')
}
