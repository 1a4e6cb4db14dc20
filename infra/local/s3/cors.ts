import type { IncomingMessage, ServerResponse } from 'node:http'
import { S3Error } from './error.ts'

export interface CorsRule {
  readonly origins: readonly string[]
  readonly methods: readonly string[]
  /** Lower case. */
  readonly headers: readonly string[]
}

const exposed = 'ETag, x-amz-request-id'
const maxAgeSeconds = '300'

/** Lets a page of an allowed origin read the answer, whatever it will be. */
export function allowOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  rule: CorsRule | undefined,
): void {
  const { origin } = request.headers
  const method = request.method ?? ''
  if (!origin || !rule?.origins.includes(origin) || !rule.methods.includes(method)) return

  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-expose-headers', exposed)
  response.setHeader('vary', 'Origin')
}

/** A browser's question before the request itself. It carries no signature. */
export function answerPreflight(
  request: IncomingMessage,
  response: ServerResponse,
  rule: CorsRule | undefined,
): void {
  const origin = request.headers.origin ?? ''
  const method = request.headers['access-control-request-method'] ?? ''
  const asked = request.headers['access-control-request-headers'] ?? ''
  const headers = asked
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)

  if (
    !rule?.origins.includes(origin) ||
    !rule.methods.includes(method) ||
    !headers.every((name) => rule.headers.includes(name))
  ) {
    throw new S3Error('AccessForbidden')
  }
  response.writeHead(200, {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': rule.methods.join(', '),
    'access-control-allow-headers': headers.join(', '),
    'access-control-max-age': maxAgeSeconds,
    vary: 'Origin',
  })
  response.end()
}
