export const purposes = [
  'payload',
  'result',
  'step',
  'session',
  'record',
  'settings',
  'credential',
] as const

export type Purpose = (typeof purposes)[number]

/**
 * Where a message lives. A message opens only in the slot it was sealed for.
 * No personal data in it: AWS writes the encryption context to CloudTrail in clear text.
 */
export interface Slot {
  readonly purpose: Purpose
  /** The job's name, or the store's. */
  readonly name: string
  /** The job's id, or the slot's within the store. */
  readonly id: string
}
