import { CryptoError } from '@anteroom/crypto'
import { DocumentReaderError } from '@anteroom/document-reader'
import { type FailureReason, type TransferProblem, WireError } from '@anteroom/job-contracts'
import { PushError, TransferError, VendorError } from '@anteroom/vendor-clients'
import { CredentialError } from './credentials/credential-error.ts'
import { ImageStoreError } from './documents/image-store.ts'
import type { DeadFacts } from './ledger/dead-letters.ts'
import { MailError } from './mail/mail-error.ts'
import { ReceiverError } from './partners/receiver-error.ts'
import { NoTurnError } from './quota/no-turn-error.ts'
import { DestinationRestsError } from './transfers/destination-rests-error.ts'
import { TransferProblemError } from './transfers/transfer-problem-error.ts'
import { WebhookGoneError } from './webhooks/webhook-gone-error.ts'

export interface Failure {
  readonly reason: FailureReason
  /** Whether another attempt, if the contract has one left, could end better. */
  readonly retryable: boolean
  /** To come again so much later, at no cost of an attempt: its vendor gives turns, and it had none or lost the one it had. */
  readonly putOffMs?: number
  /** Worth one more attempt, no sooner than this, and if it fails in the same way no third. */
  readonly onceMoreAfterMs?: number
  /** Whom it is for asks to be left alone for so long: no attempt before that, within the time the job has. */
  readonly retryAfterMs?: number | undefined
  /** Nobody was asked, so that another attempt is there for it. */
  readonly costsNothing?: true
  /** For the log: a code, never a vendor's words. */
  readonly code: string
  /** What more may be known of it: numbers and words from closed lists. */
  readonly facts?: DeadFacts
}

/**
 * The whole policy on one screen: what a thrown error means for the person and for the queue. Only a vendor that gives
 * turns says when to come again: its pause holds everybody, where other jobs would each ask again until their deadline.
 */
export function toFailure(error: unknown, { givesTurns }: { givesTurns: boolean }): Failure {
  if (error instanceof VendorError) return vendorFailure(error, givesTurns)
  if (error instanceof PushError) return pushFailure(error)
  if (error instanceof ReceiverError) return receiverFailure(error.code)
  if (error instanceof TransferError) return transferFailure(error)
  if (error instanceof DestinationRestsError) return destinationRests(error)
  if (error instanceof TransferProblemError) return transferProblem(error.code)
  if (error instanceof WebhookGoneError)
    return { reason: 'rejected-input', retryable: false, code: error.code }
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

/** Time for a receiver to deploy what it forgot. */
const deployedInMs = 10 * 60_000
/** What our own proxy does costs a receiver nothing but time. */
const proxyBackInMs = 10_000
const proxyChangedInMs = 60_000

function pushFailure({ code, status, err, retryAfterMs }: PushError): Failure {
  const facts = { status, err }
  const again = { reason: 'vendor-unavailable', retryable: true, code, facts } as const
  const never = { reason: 'rejected-input', retryable: false, code, facts } as const
  switch (code) {
    case 'PUSH_REFUSED':
      // The same token is refused for ever. But what stands in no list may mean anything.
      return err === undefined ? again : never
    case 'PUSH_MISCONFIGURED':
      return isRedirect(status) ? never : { ...again, onceMoreAfterMs: deployedInMs }
    case 'PUSH_GONE':
    case 'PUSH_ADDRESS_FORBIDDEN':
      return never
    case 'PUSH_BUSY':
      return { ...again, retryAfterMs }
    case 'PUSH_KEY_STALE':
    case 'PUSH_DENIED':
    case 'PUSH_UNREACHABLE':
    case 'PUSH_TIMEOUT':
    case 'PUSH_CERTIFICATE':
      return again
    case 'PROXY_UNAVAILABLE':
      return { ...again, putOffMs: proxyBackInMs }
    case 'PROXY_REFUSED':
      return { ...again, putOffMs: proxyChangedInMs }
    case 'CALL_ABORTED':
      return { ...again, reason: 'internal' }
  }
}

function isRedirect(status: number | undefined): boolean {
  return status !== undefined && status >= 300 && status < 400
}

function receiverFailure(code: ReceiverError['code']): Failure {
  switch (code) {
    case 'RECEIVER_UNKNOWN':
      return { reason: 'internal', retryable: true, code }
    case 'SET_EXPIRED':
      return { reason: 'timed-out', retryable: false, code }
  }
}

/** Transfers have words of their own, which go to the web as they are. */
function transferFailure({ code, retryable, retryAfterMs }: TransferError): Failure {
  const problem: TransferProblem = code
  const reason = retryable ? 'vendor-unavailable' : 'rejected-input'
  return { reason, retryable, retryAfterMs, code: problem }
}

function destinationRests({ code, restMs }: DestinationRestsError): Failure {
  const problem: TransferProblem = code
  const again = { reason: 'vendor-unavailable', retryable: true } as const
  return { ...again, retryAfterMs: restMs, costsNothing: true, code: problem }
}

function transferProblem(code: TransferProblemError['code']): Failure {
  const problem: TransferProblem = code
  const reason = code === 'cancelled' ? 'cancelled' : 'rejected-input'
  return { reason, retryable: false, code: problem }
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
