const answers = {
  AccessDeniedException: [400, 'The caller is not authorized to perform this operation'],
  DisabledException: [400, 'The key is disabled'],
  IncompleteSignatureException: [400, 'The request signature does not conform to AWS standards'],
  IncorrectKeyException: [400, 'The key is not the one that encrypted the ciphertext'],
  InvalidCiphertextException: [400, 'The ciphertext or the encryption context is not what it was'],
  InvalidSignatureException: [400, 'The request signature does not match or is out of time'],
  KMSInternalException: [500, 'The service could not complete the request'],
  MissingAuthenticationTokenException: [400, 'Missing authentication token'],
  NotFoundException: [400, 'The key does not exist'],
  SerializationException: [400, 'The request body is not understood'],
  UnknownOperationException: [400, 'The operation is not known'],
  UnrecognizedClientException: [400, 'The security token included in the request is invalid'],
  ValidationException: [400, 'A value of the request is out of its range'],
} as const

export type KmsErrorCode = keyof typeof answers

/** An answer of refusal, by the name AWS gives it. */
export class KmsError extends Error {
  readonly code: KmsErrorCode
  readonly status: number

  constructor(code: KmsErrorCode) {
    const [status, message] = answers[code]
    super(message)
    this.name = 'KmsError'
    this.code = code
    this.status = status
  }
}
