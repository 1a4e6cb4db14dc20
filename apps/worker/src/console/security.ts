import type { FastifyInstance } from 'fastify'

const headers = {
  'content-security-policy': [
    "default-src 'none'",
    "style-src 'self'",
    // The empty icon, so that none is asked for.
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  // `no-referrer` would turn the Origin header of our own forms into `null`.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
} as const

/** Headers on every answer, also on errors: nothing from elsewhere, nothing inline, no script, no frame, nothing kept. */
export function security(app: FastifyInstance): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })
}
