import type { CheckedCredential } from '@anteroom/credential/verify'
import type { VerdictName } from '../verify-credential/verdict-names.ts'

const dayMs = 24 * 60 * 60 * 1_000

/** What was found, and how far what it was checked with is to be trusted. Times in milliseconds since the epoch. */
export interface Finding {
  readonly checked: CheckedCredential
  /** When the keys came from the issuer. */
  readonly keysUpdatedAt: number
  readonly now: number
}

export interface ShownVerdict {
  readonly verdict: VerdictName
  /** Whether the keys are so old that the person is told. */
  readonly areKeysOld: boolean
}

/**
 * What is said of a finding. A key may have been withdrawn, or a new one come, since the keys were fetched: after a day
 * that is told, and after a week nothing is said that hangs on it.
 */
export function toShown({ checked: { verdict }, keysUpdatedAt, now }: Finding): ShownVerdict {
  const ageMs = now - keysUpdatedAt
  const hangsOnKeys = verdict === 'valid' || verdict === 'unknown-issuer'
  if (hangsOnKeys && ageMs > 7 * dayMs) return { verdict: 'keys-too-old', areKeysOld: false }
  return { verdict, areKeysOld: ageMs > dayMs }
}

/** The token in a text that was scanned or pasted: a link that ends with it, or the token itself, on several lines. */
export function toToken(text: string): string {
  const oneLine = text.replace(/\s/g, '')
  return oneLine.slice(oneLine.lastIndexOf('#') + 1)
}
