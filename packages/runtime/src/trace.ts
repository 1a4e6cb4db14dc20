import { randomUUID } from 'node:crypto'

/** W3C Trace Context level 1, version 00: a new trace, sampled. */
export function newTraceparent(): string {
  return `00-${randomHex(16)}-${randomHex(8)}-01`
}

/** The next step of the parent's trace. A parent that is no traceparent starts a new one (§3.2.2.4 and §4.3). */
export function childTraceparent(parent: string): string {
  if (!isTraceparent(parent)) return newTraceparent()
  // Of the flags only the last bit is defined; the others must be sent as zero (§3.2.2.5).
  const sampled = Number.parseInt(parent.slice(-2), 16) & 1
  return `00-${traceIdOf(parent)}-${randomHex(8)}-0${sampled}`
}

/** Strict: version 00, lower-case hexadecimal, no id of zeros alone. */
export function isTraceparent(value: unknown): value is string {
  return typeof value === 'string' && shape.test(value)
}

/** 32 hexadecimal digits; all zeros, the trace id that never is one, for what is no traceparent. */
export function traceIdOf(traceparent: string): string {
  return isTraceparent(traceparent) ? traceparent.slice(3, 35) : '0'.repeat(32)
}

const shape = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** From a random UUID, which Node draws from a pool: a trace needs to be unique, not secret. Not all zeros. */
function randomHex(bytes: 8 | 16): string {
  return randomUUID()
    .replaceAll('-', '')
    .slice(-2 * bytes)
}
