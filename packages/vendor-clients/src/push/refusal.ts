import type { IncomingHttpHeaders } from 'node:http'
import { retryAfterMs } from '../retry-after.ts'
import { PushError, type PushErrorCode, type ReceiverError, receiverErrors } from './push-error.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Undefined where it did not come in time, whole, and within its limit. */
  readonly body: string | undefined
}

const dayMs = 24 * 60 * 60 * 1000

/** What an answer means that is none of success. */
export function refusalOf({ status, headers, body }: Answer): PushError {
  const cause = new Error(`HTTP_${status}`)
  const err = status === 400 ? registeredError(body) : undefined
  const code = err ? codeOfError(err) : codeOfStatus(status)
  const waitMs = code === 'PUSH_BUSY' ? retryAfterMs(headers, dayMs) : undefined
  return new PushError(code, { cause, status, err, retryAfterMs: waitMs })
}

/** RFC 8935, section 2.4; what else is written there is the partner's own, and stays unread. */
function registeredError(body: string | undefined): ReceiverError | undefined {
  const said = parse(body ?? '')
  const err = said instanceof Object && 'err' in said ? said.err : undefined
  return receiverErrors.find((known) => known === err)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function codeOfError(err: ReceiverError): PushErrorCode {
  switch (err) {
    case 'invalid_key':
      return 'PUSH_KEY_STALE'
    case 'authentication_failed':
    case 'access_denied':
      return 'PUSH_DENIED'
    case 'invalid_request':
    case 'invalid_issuer':
    case 'invalid_audience':
      return 'PUSH_REFUSED'
  }
}

function codeOfStatus(status: number): PushErrorCode {
  if (status >= 500 || [408, 425, 429].includes(status)) return 'PUSH_BUSY'
  if (status === 401 || status === 403) return 'PUSH_DENIED'
  if (status === 410) return 'PUSH_GONE'
  if (status < 400 || [404, 405, 413, 415, 422].includes(status)) return 'PUSH_MISCONFIGURED'
  return 'PUSH_REFUSED'
}
