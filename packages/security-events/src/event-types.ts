/** What partners can be told of, by the last part of the event type's URI. A name is never reused for something else. */
export const securityEventTypes = [
  'account-disabled',
  'account-enabled',
  'account-purged',
  'identifier-changed',
  'identifier-recycled',
  'recovery-activated',
  'recovery-information-changed',
  'mfa-limit-account-locked',
  'password-reset',
  'reproof-completed',
] as const

export type SecurityEventType = (typeof securityEventTypes)[number]
