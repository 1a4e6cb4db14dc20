/**
 * What the API refuses, and how it says so (RFC 9457). A code is never reused for something else: programs branch on it. The
 * table in docs/transfers.md and the reference page are made of this.
 */
export const problems = {
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  'malformed-header': { status: 400, title: 'A header is not as it has to be' },
  'key-missing': { status: 401, title: 'No key was given' },
  'key-unknown': { status: 401, title: 'There is no such key' },
  'key-revoked': { status: 401, title: 'The key was revoked' },
  'key-expired': { status: 401, title: 'The key has expired' },
  'consumer-disabled': { status: 403, title: 'This consumer may do nothing just now' },
  'source-not-allowed': { status: 403, title: 'Files may not come from there' },
  'destination-not-allowed': {
    status: 403,
    title: 'There is no such destination for this consumer',
  },
  'path-not-allowed': { status: 403, title: 'The folder is not below the one of this consumer' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'in-flight': { status: 409, title: 'A request with this Idempotency-Key is being answered' },
  'already-ended': { status: 409, title: 'The transfer has ended' },
  'body-too-large': { status: 413, title: 'The request is too large' },
  'not-json': { status: 415, title: 'The request is not JSON' },
  'invalid-request': { status: 422, title: 'The request says something that cannot be done' },
  'source-address-refused': { status: 422, title: 'The source is not a public address' },
  'source-expired': { status: 422, title: 'The source has expired, or does within ten seconds' },
  'consent-unknown': { status: 422, title: 'There is no such consent for this consumer' },
  'idempotency-key-reused': {
    status: 422,
    title: 'The Idempotency-Key was used for another request',
  },
  'too-many-open': { status: 429, title: 'Too many transfers of this consumer are under way' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something of ours failed' },
  unavailable: { status: 503, title: 'We cannot be reached just now' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>

export type ProblemCode = keyof typeof problems

/** Where in the request something is wrong: a JSON Pointer (RFC 6901), or the name of a parameter. */
export interface ProblemPlace {
  readonly pointer: string
  readonly detail: string
}

export interface ProblemFacts {
  readonly errors?: readonly ProblemPlace[]
  readonly retryAfterSeconds?: number
}

/** Ends a request with one of the problems. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  readonly facts: ProblemFacts

  constructor(code: ProblemCode, facts: ProblemFacts = {}) {
    super(code)
    this.code = code
    this.facts = facts
  }
}
