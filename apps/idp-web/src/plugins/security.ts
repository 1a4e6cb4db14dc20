import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../deps.ts'

interface Openings {
  readonly images?: string
  readonly connections?: string
  readonly forms?: string
  readonly objects?: string
}

/** Nothing from elsewhere, nothing inline, no frame around us. */
function contentSecurityPolicy(openings: Openings = {}): string {
  const { images = '', connections = '', forms = "'self'", objects } = openings
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data:${images}`,
    `connect-src 'self'${connections}`,
    ...(objects === undefined ? [] : [`object-src ${objects}`, `frame-src ${objects}`]),
    `form-action ${forms}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const permissions = 'geolocation=(), microphone=(), payment=(), usb=()'
const noPasskeys = 'publickey-credentials-get=(), publickey-credentials-create=()'

/** For answers that a script reads: nothing of them is ever shown as a page. */
const dataHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const

const pageHeaders = {
  ...dataHeaders,
  'content-security-policy': contentSecurityPolicy(),
  // `no-referrer` would turn the Origin header of our own forms into `null`.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': `camera=(), ${permissions}, ${noPasskeys}`,
} as const

/** Headers on every response, also on errors and what is not found. Nothing may be stored but the assets, which say nothing about anybody. */
export function security(app: FastifyInstance, deps: WebDeps): void {
  const ofPages = securityHeaders(deps)
  const ofData = withTransport(deps, dataHeaders)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(request.routeOptions.config.json === true ? ofData : ofPages)
    done()
  })
}

export function securityHeaders(deps: WebDeps): Readonly<Record<string, string>> {
  return withTransport(deps, pageHeaders)
}

function withTransport(
  { config }: WebDeps,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (!config.publicUrl.startsWith('https:')) return headers
  return { ...headers, 'strict-transport-security': 'max-age=63072000; includeSubDomains' }
}

/** The one page that may use the camera, show what it sees, and send it to where sealed images are kept. */
export function photosHeaders(imageOrigin: string): Readonly<Record<string, string>> {
  const openings = { images: ' blob:', connections: ` ${imageOrigin}` }
  return {
    'content-security-policy': contentSecurityPolicy(openings),
    'permissions-policy': `camera=(self), ${permissions}, ${noPasskeys}`,
  }
}

/** The pages that ask the browser for a passkey, or to make one. */
export const passkeyHeaders = {
  'permissions-policy': `camera=(), ${permissions}, publickey-credentials-get=(self), publickey-credentials-create=(self)`,
} as const

/** The page that checks a credential: nothing can be sent from it, and nobody learns where a link from it came from. */
export const checkingHeaders = {
  'content-security-policy': contentSecurityPolicy({ forms: "'none'" }),
  'referrer-policy': 'no-referrer',
} as const

/** A service worker fetches from us and does nothing else. */
export const serviceWorkerHeaders = {
  'content-security-policy': "default-src 'none'; connect-src 'self'",
} as const

/** What any site may read: it says nothing about anybody. */
export const publicDataHeaders = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
} as const

/** The one page that shows a file of ours inside it; browsers take their own viewer for a frame. */
export const credentialPageHeaders = {
  'content-security-policy': contentSecurityPolicy({ objects: "'self'" }),
} as const

/** The file is shown inside our own page, and brings nothing with it. */
export const credentialFileHeaders = {
  'content-security-policy': "default-src 'none'; object-src 'self'; frame-ancestors 'self'",
} as const

/** A page whose form ends at a partner: browsers hold every address that a form is redirected to against this. */
export function partnerFormHeaders(partnerOrigin: string) {
  return {
    'content-security-policy': contentSecurityPolicy({ forms: `'self' ${partnerOrigin}` }),
  }
}
