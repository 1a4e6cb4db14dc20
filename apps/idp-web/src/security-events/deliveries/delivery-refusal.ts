/** Why a partner is not answered, by the names of OAuth 2.0 (RFC 6749, RFC 6750) where it has one. */
const refusals = {
  no_token: 401,
  invalid_token: 401,
  insufficient_scope: 403,
  invalid_request: 400,
  not_found: 404,
  temporarily_unavailable: 429,
} as const

export type RefusalCode = keyof typeof refusals

export class DeliveryRefusal extends Error {
  override readonly name = 'DeliveryRefusal'
  readonly code: RefusalCode
  readonly status: number
  /** Seconds until it may ask again. */
  readonly retryAfter: number | undefined

  constructor(code: RefusalCode, { retryAfter }: { readonly retryAfter?: number } = {}) {
    super(code)
    this.code = code
    this.status = refusals[code]
    this.retryAfter = retryAfter
  }
}
