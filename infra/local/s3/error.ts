const answers = {
  AccessDenied: [403, 'Access Denied'],
  AccessForbidden: [403, 'CORSResponse: This CORS request is not allowed.'],
  AuthorizationHeaderMalformed: [400, 'The authorization header is malformed'],
  AuthorizationQueryParametersError: [400, 'The authorization query parameters are malformed'],
  BadDigest: [400, 'The digest given did not match what was received'],
  EntityTooLarge: [400, 'The upload exceeds the maximum allowed size'],
  EntityTooSmall: [400, 'A part is smaller than the minimum allowed size'],
  IncompleteBody: [400, 'The body is not as long as the request said'],
  InternalError: [500, 'An internal error was encountered'],
  InvalidAccessKeyId: [403, 'The access key does not exist'],
  InvalidArgument: [400, 'An argument of the request is invalid'],
  InvalidDigest: [400, 'The digest given is not valid'],
  InvalidPart: [400, 'A part could not be found or its ETag does not match'],
  InvalidPartOrder: [400, 'The parts are not in ascending order'],
  InvalidRange: [416, 'The requested range is not satisfiable'],
  InvalidRequest: [400, 'The request is not valid'],
  InvalidToken: [400, 'The security token is not valid'],
  InvalidURI: [400, 'The URI could not be parsed'],
  KeyTooLongError: [400, 'The key is too long'],
  MalformedXML: [400, 'The XML is not well-formed or does not match the schema'],
  MethodNotAllowed: [405, 'The method is not allowed against this resource'],
  MissingContentLength: [411, 'The Content-Length header is required'],
  NoSuchBucket: [404, 'The bucket does not exist'],
  NoSuchKey: [404, 'The key does not exist'],
  NoSuchUpload: [404, 'The upload does not exist; it may have been aborted or completed'],
  NotImplemented: [501, 'The request asks for something that is not implemented'],
  PreconditionFailed: [412, 'A precondition did not hold'],
  RequestTimeTooSkewed: [403, 'The time of the request differs too much from the time here'],
  SignatureDoesNotMatch: [403, 'The signature calculated here does not match the one provided'],
  XAmzContentSHA256Mismatch: [400, 'The x-amz-content-sha256 does not match what was received'],
} as const

export type S3ErrorCode = keyof typeof answers

/** An answer of refusal, by the name AWS gives it. */
export class S3Error extends Error {
  readonly code: S3ErrorCode
  readonly status: number

  constructor(code: S3ErrorCode) {
    const [status, message] = answers[code]
    super(message)
    this.name = 'S3Error'
    this.code = code
    this.status = status
  }
}
