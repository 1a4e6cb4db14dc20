const messages = {
  ADDRESS_FORBIDDEN: 'This address is one that nobody may lead us to',
  UNREACHABLE: 'Nobody answers at this address',
  CERTIFICATE: 'A certificate, theirs or ours, is not accepted by the other side',
  TIMEOUT: 'The connection was not made in time',
  PROXY_UNAVAILABLE: 'The outbound proxy cannot be reached',
  PROXY_REFUSED: 'The outbound proxy refuses the connection',
} as const

export type GuardErrorCode = keyof typeof messages

/** Why an address is forbidden. */
export type ForbiddenReason =
  | 'NOT_A_URL'
  | 'NOT_HTTPS'
  | 'CREDENTIALS'
  | 'FRAGMENT'
  /** The host is written so that it has to be rewritten to be understood. */
  | 'HOST_IN_DISGUISE'
  | 'HOST_IS_A_NUMBER'
  | 'HOST_NOT_PUBLIC'
  | 'PORT'
  /** The name leads to an address of a private or special network, or to what is no address at all. */
  | 'ADDRESS_NOT_PUBLIC'

/** No connection came about. The cause names a system's code or a reason of ours, never a host or an address. */
export class GuardError extends Error {
  override readonly name = 'GuardError'
  readonly code: GuardErrorCode

  constructor(code: GuardErrorCode, cause: string) {
    super(messages[code], { cause: new Error(cause) })
    this.code = code
  }
}

export function forbidden(reason: ForbiddenReason): GuardError {
  return new GuardError('ADDRESS_FORBIDDEN', reason)
}
