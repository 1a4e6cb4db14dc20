import type { IncomingHttpHeaders } from 'node:http'

const secondMs = 1_000
const hourMs = 60 * 60 * secondMs

/**
 * For how long a vendor wants to be left alone (RFC 9110 §10.2.3), in milliseconds: never less than a second, so that
 * nobody runs in circles, and never more than an hour, or what else is the longest, so that no slip of theirs stops us for good. Undefined if it did
 * not say, or not so that it could be read.
 */
export function retryAfterMs(headers: IncomingHttpHeaders, longestMs = hourMs): number | undefined {
  const askedMs = readMs(headers)
  return askedMs === undefined ? undefined : Math.min(Math.max(askedMs, secondMs), longestMs)
}

function readMs({ 'retry-after': after = '', date = '' }: IncomingHttpHeaders): number | undefined {
  if (/^\d{1,9}$/.test(after)) return Number(after) * secondMs
  if (!httpDate.test(after)) return undefined
  // By the vendor's own clock where it tells it: how wrong it is then does not matter.
  const now = httpDate.test(date) ? Date.parse(date) : Date.now()
  const ms = Date.parse(after) - now
  return Number.isNaN(ms) ? undefined : ms
}

// The one form that senders may use, §5.6.7; Date.parse alone would take almost anything.
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/
