import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { signedIn } from '../account/signed-in.ts'
import { HttpError } from '../plugins/http-error.ts'
import { partnerFormHeaders } from '../plugins/security.ts'
import { endSession } from '../plugins/session.ts'
import { logoutPage } from './pages/logout.ts'
import { signedOutPage } from './pages/signed-out.ts'
import type { Partner } from './partners.ts'
import type { OpenidParts } from './provider.ts'
import { routes } from './routes.ts'

/**
 * OpenID Connect RP-Initiated Logout. A partner may ask for it and nobody is signed out by a mere link: the person is
 * asked. The route is ours and not the library's, whose answers for somebody who is not signed in need its own scripts.
 */
export function logoutRoutes(app: FastifyInstance, parts: OpenidParts): void {
  const { deps } = parts
  app.get(routes.end_session, async (request, reply) => {
    const asked = await readRequest(parts, request.query)
    if (!(await signedIn(deps, request.session))) return leave(reply, asked)
    const origin = asked.returnTo === undefined ? '' : new URL(asked.returnTo).origin
    return reply.headers(partnerFormHeaders(origin)).page((view) => logoutPage(view, asked))
  })

  app.post(routes.end_session, async (request, reply) => {
    const { choice, ...parameters } = parse(form, request.body)
    const asked = await readRequest(parts, parameters)
    if (choice === 'stay') return asked.returnTo ? leave(reply, asked) : reply.redirect('/', 303)
    await endSession(deps, request, reply)
    return leave(reply, asked)
  })
}

export interface LogoutRequest {
  /** Undefined if it was not said, or cannot be known. */
  readonly partner: Partner | undefined
  /** Where the browser goes afterwards, `state` included. */
  readonly returnTo: string | undefined
  /** As they came, for the form. */
  readonly parameters: Readonly<Record<string, string>>
}

const text = z.string().max(8_000)
const query = z.object({
  id_token_hint: text.optional(),
  client_id: text.optional(),
  post_logout_redirect_uri: text.optional(),
  state: text.optional(),
})
const form = query.extend({ choice: z.enum(['leave', 'stay']) })

function parse<S extends z.ZodType>(schema: S, given: unknown): z.output<S> {
  const parsed = schema.safeParse(given)
  if (!parsed.success) throw new HttpError(400, 'LOGOUT_MALFORMED')
  return parsed.data
}

/** @throws HttpError for a token that is not ours, and for an address that is not the partner's. */
async function readRequest(
  { openid, provider }: OpenidParts,
  given: unknown,
): Promise<LogoutRequest> {
  const parameters = parse(query, given)
  const { id_token_hint: hint, client_id: named, post_logout_redirect_uri: uri, state } = parameters
  const id = (hint === undefined ? undefined : audienceOf(hint)) ?? named
  const partner = id === undefined ? undefined : openid.partners.get(id)
  const client = partner && (await provider.Client.find(partner.id))
  const isOurs = hint === undefined || (client && (await isIdToken(provider, hint, client)))
  if (!isOurs || (named !== undefined && named !== partner?.id)) {
    throw new HttpError(400, 'LOGOUT_NOT_UNDERSTOOD')
  }
  if (uri !== undefined && !partner?.post_logout_redirect_uris.includes(uri)) {
    throw new HttpError(400, 'LOGOUT_ADDRESS_UNKNOWN')
  }
  const present = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return {
    partner,
    returnTo: uri && withState(uri, state),
    parameters: Object.fromEntries(present),
  }
}

type Client = NonNullable<Awaited<ReturnType<OpenidParts['provider']['Client']['find']>>>

/** Whether we made it for this client, however long ago. */
function isIdToken(
  { IdToken }: OpenidParts['provider'],
  hint: string,
  client: Client,
): Promise<boolean> {
  return IdToken.validate(hint, client).then(
    () => true,
    () => false,
  )
}

const claims = z.object({ aud: z.string() })

/** As it says itself; whether that is true is seen by its signature. */
function audienceOf(token: string): string | undefined {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
    return claims.parse(JSON.parse(payload)).aud
  } catch {
    throw new HttpError(400, 'LOGOUT_MALFORMED')
  }
}

function withState(uri: string, state: string | undefined): string {
  const url = new URL(uri)
  if (state !== undefined) url.searchParams.set('state', state)
  return url.href
}

function leave(reply: FastifyReply, { returnTo }: LogoutRequest): FastifyReply {
  return returnTo === undefined ? reply.page(signedOutPage) : reply.redirect(returnTo, 303)
}
