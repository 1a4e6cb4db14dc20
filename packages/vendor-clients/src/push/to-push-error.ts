import { isCertificateError } from '../guarded/certificate-error.ts'
import { GuardError, type GuardErrorCode } from '../guarded/guard-error.ts'
import { codeOf, innermost } from '../system-error.ts'
import { PushError, type PushErrorCode } from './push-error.ts'

/** Translates what a call threw that brought no answer. Of all errors only a code survives, as the cause. */
export function toPushError(thrown: unknown): PushError {
  const source = innermost(thrown, (error) => error instanceof GuardError)
  if (source instanceof GuardError) return fromGuard(source)
  const code = codeOf(source)
  const cause = new Error(code)
  return new PushError(isCertificateError(code) ? 'PUSH_CERTIFICATE' : 'PUSH_UNREACHABLE', {
    cause,
  })
}

function fromGuard({ code, cause }: GuardError): PushError {
  return new PushError(codes[code], cause instanceof Error ? { cause } : {})
}

const codes = {
  ADDRESS_FORBIDDEN: 'PUSH_ADDRESS_FORBIDDEN',
  UNREACHABLE: 'PUSH_UNREACHABLE',
  CERTIFICATE: 'PUSH_CERTIFICATE',
  TIMEOUT: 'PUSH_TIMEOUT',
  PROXY_UNAVAILABLE: 'PROXY_UNAVAILABLE',
  PROXY_REFUSED: 'PROXY_REFUSED',
} satisfies Record<GuardErrorCode, PushErrorCode>
