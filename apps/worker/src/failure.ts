import { CryptoError } from '@anteroom/crypto'
import { DocumentReaderError } from '@anteroom/document-reader'
import { type FailureReason, WireError } from '@anteroom/job-contracts'
import { VendorError } from '@anteroom/vendor-clients'
import { CredentialError } from './credentials/credential-error.ts'
import { ImageStoreError } from './documents/image-store.ts'
import { MailError } from './mail/mail-error.ts'
import { NoTurnError } from './quota/no-turn-error.ts'

export interface Failure {
  readonly reason: FailureReason
  /** Whether another attempt, if the contract has one left, could end better. */
  readonly retryable: boolean
  /** To come again so much later, at no cost of an attempt: its vendor gives turns, and it had none or lost the one it had. */
  readonly putOffMs?: number
  /** For the log: a code, never a vendor's words. */
  readonly code: string
}

/**
 * The whole policy on one screen: what a thrown error means for the person and for the queue. Only a vendor that gives
 * turns says when to come again: its pause holds everybody, where other jobs would each ask again until their deadline.
 */
export function toFailure(error: unknown, { givesTurns }: { givesTurns: boolean }): Failure {
  if (error instanceof VendorError) return vendorFailure(error, givesTurns)
  if (error instanceof NoTurnError) return busy(error.code, error.askAgainMs)
  if (error instanceof CryptoError) return cryptoFailure(error.code)
  if (error instanceof WireError)
    return { reason: 'unreadable', retryable: false, code: error.code }
  if (error instanceof DocumentReaderError) return readerFailure(error.code)
  if (error instanceof ImageStoreError)
    return { reason: 'internal', retryable: true, code: error.code }
  if (error instanceof CredentialError) return credentialFailure(error.code)
  if (error instanceof MailError) return { reason: 'internal', retryable: true, code: error.code }
  return { reason: 'internal', retryable: true, code: 'UNEXPECTED' }
}

function busy(code: string, putOffMs: number): Failure {
  return { reason: 'vendor-unavailable', retryable: true, putOffMs, code }
}

function vendorFailure({ code, retryAfterMs = 0 }: VendorError, givesTurns: boolean): Failure {
  switch (code) {
    case 'VENDOR_TIMEOUT':
    case 'VENDOR_UNAVAILABLE':
    case 'PROXY_UNAVAILABLE':
      return { reason: 'vendor-unavailable', retryable: true, code }
    case 'VENDOR_BUSY':
      if (givesTurns) return busy(code, retryAfterMs)
      return { reason: 'vendor-unavailable', retryable: true, code }
    case 'VENDOR_REPLY_INVALID':
    case 'PROXY_REFUSED':
      return { reason: 'vendor-unavailable', retryable: false, code }
    case 'VENDOR_REFUSED':
      return { reason: 'rejected-input', retryable: false, code }
    case 'CALL_ABORTED':
      return { reason: 'internal', retryable: true, code }
  }
}

function cryptoFailure(code: CryptoError['code']): Failure {
  switch (code) {
    case 'SEAL_UNOPENABLE':
      return { reason: 'unreadable', retryable: false, code }
    case 'SEAL_KEYS_UNAVAILABLE':
    case 'KEYRING_INVALID':
      return { reason: 'internal', retryable: true, code }
  }
}

function readerFailure(code: DocumentReaderError['code']): Failure {
  switch (code) {
    case 'READING_TIMED_OUT':
      return { reason: 'internal', retryable: false, code }
    case 'READING_ABORTED':
    case 'READING_FAILED':
      return { reason: 'internal', retryable: true, code }
  }
}

function credentialFailure(code: CredentialError['code']): Failure {
  switch (code) {
    case 'CREDENTIALS_NOT_SET_UP':
      return { reason: 'internal', retryable: true, code }
    case 'CREDENTIAL_REVOKED':
      return { reason: 'internal', retryable: false, code }
    case 'REGISTRY_NUMBER_INVALID':
    case 'REGISTRY_NUMBER_TAKEN':
    case 'REGISTRY_DAYS_INVALID':
      return { reason: 'vendor-unavailable', retryable: false, code }
  }
}
