import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../deps.ts'

interface Openings {
  readonly images?: string
  readonly connections?: string
}

/** Nothing from elsewhere, nothing inline, no frame around us. */
function contentSecurityPolicy({ images = '', connections = '' }: Openings = {}): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data:${images}`,
    `connect-src 'self'${connections}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const permissions = 'geolocation=(), microphone=(), payment=(), usb=()'

const headers = {
  'content-security-policy': contentSecurityPolicy(),
  'x-content-type-options': 'nosniff',
  // `no-referrer` would turn the Origin header of our own forms into `null`.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': `camera=(), ${permissions}`,
  // Pages say what a person told us. Only the assets, which say nothing, take this back.
  'cache-control': 'no-store',
} as const

/** Headers on every response, also on errors and what is not found. */
export function security(app: FastifyInstance, deps: WebDeps): void {
  const all = securityHeaders(deps)
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(all)
    done()
  })
}

export function securityHeaders({ config }: WebDeps): Readonly<Record<string, string>> {
  if (!config.publicUrl.startsWith('https:')) return headers
  return { ...headers, 'strict-transport-security': 'max-age=63072000; includeSubDomains' }
}

/** The one page that may use the camera, show what it sees, and send it to where sealed images are kept. */
export function photosHeaders(imageOrigin: string): Readonly<Record<string, string>> {
  const openings = { images: ' blob:', connections: ` ${imageOrigin}` }
  return {
    'content-security-policy': contentSecurityPolicy(openings),
    'permissions-policy': `camera=(self), ${permissions}`,
  }
}
