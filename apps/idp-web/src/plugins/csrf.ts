import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { HttpError } from './http-error.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route may be sent files; it looks for the token itself, as the form comes in. */
    takesFiles?: boolean
    /** The route is for programs that show a key of their own: no cookie counts there, so no form can be forged. */
    withKey?: boolean
  }
}

/** Forms come from our own pages or not at all: the browser must not say otherwise, and the session's token must be there. */
export function csrf(app: FastifyInstance, { config }: WebDeps): void {
  const origin = new URL(config.publicUrl).origin
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.method === 'GET' || request.method === 'HEAD') return done()
    if (request.routeOptions.config.withKey === true) return done()
    if (!isSameOrigin(request, origin)) return done(new HttpError(403, 'CROSS_ORIGIN'))
    if (request.routeOptions.config.takesFiles === true && isFiles(request)) return done()
    // Without a session there is nothing to protect, and the route sends the person to where one begins.
    if (request.session && !hasToken(request.body, request.session.csrf)) {
      return done(new HttpError(403, 'CSRF_TOKEN_WRONG'))
    }
    request.body = withoutToken(request.body)
    done()
  })
}

/** Browsers that send Fetch Metadata know best; the others send Origin with every form. */
function isSameOrigin({ headers }: FastifyRequest, origin: string): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  return headers.origin === undefined || headers.origin === origin
}

/** A form with files in it. */
export function isFiles({ headers }: FastifyRequest): boolean {
  return headers['content-type']?.toLowerCase().startsWith('multipart/form-data') === true
}

/** Whether a form carries this token. Takes as long whichever character is wrong. */
export function hasToken(body: unknown, expected: string): boolean {
  if (typeof body !== 'object' || body === null || !('csrf' in body)) return false
  const given = Buffer.from(typeof body.csrf === 'string' ? body.csrf : '')
  const wanted = Buffer.from(expected)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function withoutToken(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'csrf'))
}
