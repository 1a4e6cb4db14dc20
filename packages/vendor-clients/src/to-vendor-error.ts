import { codeOf, innermost, type SystemError } from './system-error.ts'
import { VendorError, type VendorErrorCode } from './vendor-error.ts'

/**
 * Translates what a call threw. Only the system's code of the innermost error survives, as the cause: messages and
 * properties of the errors above it hold hosts, headers, bodies and certificates.
 */
export function toVendorError(thrown: unknown): VendorError {
  const source = innermost(thrown, (error) => error instanceof VendorError)
  if (source instanceof VendorError) return source
  return new VendorError(codeFor(source), { cause: new Error(nameOf(source)) })
}

function codeFor(source: SystemError): VendorErrorCode {
  const code = typeof source.code === 'string' ? source.code : ''
  if (code === 'ERR_PROXY_TUNNEL') return tunnelCode(source.statusCode)
  // All connections are made to the proxy; the vendor's own is made by the proxy, behind the tunnel.
  if (source.syscall === 'connect' || source.syscall === 'getaddrinfo') return 'PROXY_UNAVAILABLE'
  // What the HTTP parser (llhttp) and the decompressors (zlib, brotli, zstd) cannot read.
  if (/^(HPE_|Z_|ERR_BROTLI|ERR__ERROR_FORMAT|ZSTD_)/.test(code)) return 'VENDOR_REPLY_INVALID'
  return 'VENDOR_UNAVAILABLE'
}

/** A gateway status, and proxy-chain's own from 590 on, say that the vendor cannot be reached behind the proxy. */
function tunnelCode(status: unknown): VendorErrorCode {
  if (typeof status !== 'number') return 'PROXY_UNAVAILABLE'
  if ([502, 503, 504].includes(status) || status >= 590) return 'VENDOR_UNAVAILABLE'
  return status >= 500 ? 'PROXY_UNAVAILABLE' : 'PROXY_REFUSED'
}

function nameOf(source: SystemError): string {
  const code = codeOf(source)
  const hasStatus = code !== 'UNKNOWN' && typeof source.statusCode === 'number'
  return hasStatus ? `${code}_${source.statusCode}` : code
}
