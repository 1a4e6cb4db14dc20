import type { Seal } from '@anteroom/job-contracts'
import { type Log, SettingsError } from '@anteroom/runtime'
import type pg from 'pg'
import { canonicalAddress } from '../account/address.ts'
import type { WebConfig } from '../config.ts'
import type { Fingerprints, OwnSeal } from '../deps.ts'
import type { Openid } from '../openid/openid.ts'
import { issuerOf } from '../openid/provider.ts'
import { createAnnouncer } from './announce.ts'
import { createEventSigner } from './event-signer.ts'
import { createEventKeeper, type EventKeeper } from './keeper.ts'
import { eventReceivers } from './receivers.ts'
import { noSecurityEvents, type SecurityEvents } from './security-events.ts'

interface Around {
  readonly db: pg.Pool
  readonly openid: Openid | undefined
  readonly sealPayload: Seal
  readonly record: OwnSeal
  readonly fingerprints: Pick<Fingerprints, 'address'>
  readonly now: () => number
  readonly log: Log
}

export interface SecurityEventDeps {
  readonly securityEvents: SecurityEvents
  /** Absent where nothing held is to be told. */
  readonly eventKeeper: EventKeeper | undefined
}

/** @throws SettingsError where partners are to be told and no key is there to sign with. */
export function createSecurityEventDeps(
  config: WebConfig,
  { openid, fingerprints, ...around }: Around,
): SecurityEventDeps {
  const nothing = { securityEvents: noSecurityEvents, eventKeeper: undefined }
  if (!openid) return nothing
  const receivers = eventReceivers(openid)
  const sign = createEventSigner(openid.settings.signingKeys)
  if (receivers.size === 0) return nothing
  if (!sign) throw new SettingsError([{ setting: keylessSetting, problem: 'wrong' }])
  if (!config.pushNotificationsEnabled) return nothing
  const { subjectKey } = openid.settings
  const active = config.riscNotificationsActiveJobEnabled
  const parts = { ...around, issuer: issuerOf({ config }), receivers, subjectKey, sign }
  const addressHashes = (address: string) => fingerprints.address(canonicalAddress(address))
  return {
    securityEvents: createAnnouncer({ ...parts, grants: openid.grants, addressHashes, active }),
    eventKeeper: active ? createEventKeeper(parts) : undefined,
  }
}

const keylessSetting =
  'openid_signing_keys, which hold no RSA key to sign what partners with security_events are told'
