export type SignatureErrorCode =
  | 'MISSING'
  | 'TWO_MECHANISMS'
  | 'HEADER_MALFORMED'
  | 'QUERY_MALFORMED'
  | 'KEY_UNKNOWN'
  | 'TOKEN_UNKNOWN'
  | 'SCOPE_WRONG'
  | 'TIME_SKEWED'
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  | 'HEADER_UNSIGNED'
  | 'MISMATCH'

/** Why a signature does not hold; S3 and KMS each translate it to the names AWS gives it there. */
export class SignatureError extends Error {
  readonly code: SignatureErrorCode

  constructor(code: SignatureErrorCode) {
    super('The request is not signed as it must be')
    this.name = 'SignatureError'
    this.code = code
  }
}
