import type { SecurityEventType } from './event-types.ts'
import type { WireProfile } from './receiver.ts'

/** One event that partners are told. */
export interface AnnouncedEvent {
  readonly type: SecurityEventType
  /** Whether it is about an e-mail address, which stands in it. Then it goes only to who was told that very address. */
  readonly isAboutAddress?: true
  /** The only profile in which it is told; both if it is absent. */
  readonly profile?: WireProfile
}

/**
 * What can happen to an account that partners have to know of, and the events by which they are told, in this order, each
 * once for each partner that the account is connected to. docs/accounts.md shows it as a table, and the tests hold
 * every flow to it.
 */
export const announcedActions = {
  'password-changed': [{ type: 'password-reset' }],
  'password-recovered': [{ type: 'password-reset' }],
  'recovery-asked': [{ type: 'recovery-activated' }],
  // One address goes as another comes. Login.gov says "recycled" of every address that goes; the standard, of one that is
  // somebody else's by now.
  'address-changed': [
    { type: 'identifier-recycled', isAboutAddress: true, profile: 'login-gov' },
    { type: 'identifier-changed', isAboutAddress: true },
    { type: 'recovery-information-changed' },
  ],
  'address-taken': [{ type: 'identifier-recycled', isAboutAddress: true, profile: 'ssf-1.0' }],
  'factor-added': [{ type: 'recovery-information-changed' }],
  'factor-removed': [{ type: 'recovery-information-changed' }],
  'backup-codes-made': [{ type: 'recovery-information-changed' }],
  'codes-locked': [{ type: 'mfa-limit-account-locked' }],
  reproofed: [{ type: 'reproof-completed' }],
  suspended: [{ type: 'account-disabled' }],
  reinstated: [{ type: 'account-enabled' }],
  deleted: [{ type: 'account-purged' }],
} as const satisfies Record<string, readonly AnnouncedEvent[]>

export type AnnouncedAction = keyof typeof announcedActions
