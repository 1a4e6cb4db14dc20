import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errors, type Interaction, type InteractionResults } from 'oidc-provider'
import { z } from 'zod'
import { recordEvent } from '../account/account-events.ts'
import type { Account } from '../account/accounts.ts'
import { signedIn } from '../account/signed-in.ts'
import { parseForm } from '../plugins/forms.ts'
import { HttpError } from '../plugins/http-error.ts'
import { partnerFormHeaders } from '../plugins/security.ts'
import { ensureSession } from '../plugins/session.ts'
import type { Session, SignIn } from '../session/session.ts'
import { accountClaims } from './account-claims.ts'
import { type Asked, askedBy } from './asked.ts'
import { acrOf, amrOf, levelOf } from './assurance.ts'
import { claimsOfAttribute, scopes } from './attributes.ts'
import { exchangeOf } from './exchange.ts'
import { consentPage } from './pages/consent.ts'
import { goingOnPage } from './pages/going-on.ts'
import { requestGonePage } from './pages/request-gone.ts'
import { secondFactorPage } from './pages/second-factor.ts'
import type { Partner } from './partners.ts'
import { lacksProofing } from './proofing-needed.ts'
import { issuerOf, type OpenidParts } from './provider.ts'
import { interactionPath, interactionRoute } from './routes.ts'

/** What a partner's request still lacks, one page after the other. */
export function interactionRoutes(app: FastifyInstance, parts: OpenidParts): void {
  app.get(`${interactionRoute}/:uid`, (request, reply) =>
    withInteraction(parts, { request, reply }, (pending) => showWhatIsMissing(parts, pending)),
  )
  app.post(`${interactionRoute}/:uid`, (request, reply) =>
    withInteraction(parts, { request, reply }, (pending) => decide(parts, pending)),
  )
}

/** A partner's request in the browser that brought it, and who answers it. */
interface Pending {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly session: Session
  readonly signIn: SignIn | undefined
  readonly interaction: Interaction
  readonly asked: Asked
  readonly partner: Partner
  /** Ends this step, and returns where the browser goes on. */
  readonly finish: (result: InteractionResults) => Promise<string>
}

async function withInteraction(
  { deps, openid, provider }: OpenidParts,
  { request, reply }: Pick<Pending, 'request' | 'reply'>,
  go: (pending: Pending) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const session = await ensureSession(deps, request, reply)
  const signIn = await signedIn(deps, session)
  const { incoming, outgoing } = exchangeOf(request, { session, signIn }, issuerOf(deps))
  const interaction = await provider
    .interactionDetails(incoming, outgoing)
    .catch((error: unknown) => {
      if (error instanceof errors.SessionNotFound) return undefined
      throw error
    })
  const partner = openid.partners.get(String(interaction?.params.client_id))
  const isTheirs = interaction?.uid === uidOf(request) && isStillSignedIn(interaction, signIn)
  if (!interaction || !partner || !isTheirs) {
    await deps.sessions.patch(session, { interaction: undefined })
    return reply.code(404).page(requestGonePage)
  }
  const finish = async (result: InteractionResults) => {
    await deps.sessions.patch(session, { interaction: undefined })
    return provider.interactionResult(incoming, outgoing, result)
  }
  const asked = askedBy({ ...interaction.params })
  return go({ request, reply, session, signIn, interaction, asked, partner, finish })
}

/** What was begun by somebody who was signed in is not gone on with by somebody else. */
function isStillSignedIn({ session }: Interaction, signIn: SignIn | undefined): boolean {
  return session === undefined || session.accountId === signIn?.accountId
}

const uidOf = ({ params }: FastifyRequest): string =>
  z.object({ uid: z.string() }).parse(params).uid

async function showWhatIsMissing(parts: OpenidParts, pending: Pending): Promise<FastifyReply> {
  const { signIn, interaction } = pending
  if (!signIn) return leadTo(parts, pending, '/sign-in')
  switch (interaction.prompt.name) {
    case 'login':
      return showSignIn(parts, pending, signIn)
    case 'second-factor':
      return showSecondFactor(parts, pending, signIn)
    case 'proofing':
      return showProofing(parts, pending, signIn)
    default:
      return showConsent(parts, pending, await accountOf(parts, signIn))
  }
}

/** The provider goes by this machine's clock, sign-ins by the database's. */
const clocksDifferByMs = 10_000

/** A partner that wants somebody else, or wants them to sign in anew, is known by the reasons. */
async function showSignIn(
  parts: OpenidParts,
  pending: Pending,
  { accountId, at, methods }: SignIn,
): Promise<FastifyReply> {
  const { interaction } = pending
  const { reasons } = interaction.prompt
  if (reasons.includes('id_token_hint') || reasons.includes('claims_id_token_sub_value')) {
    return goOn(pending, {
      error: 'login_required',
      error_description: 'another person is signed in',
    })
  }
  const wantsAnew = reasons.includes('login_prompt') || reasons.includes('max_age')
  if (wantsAnew && at + clocksDifferByMs < interaction.iat * 1000)
    return leadTo(parts, pending, '/sign-in/confirm')
  const ts = Math.floor(at / 1000)
  return goOn(pending, { login: { accountId, ts, acr: acrOf(methods), amr: amrOf(methods) } })
}

/** They are told where to use a second factor, or where to add one if the account has none. */
async function showSecondFactor(
  { deps }: OpenidParts,
  pending: Pending,
  { accountId, methods }: SignIn,
): Promise<FastifyReply> {
  const { reply, session, interaction, partner } = pending
  if (levelOf(methods) === 2) return goOn(pending, {})
  await deps.sessions.patch(session, { interaction: interaction.uid, wantedPage: undefined })
  const hasSecond = await deps.factors.hasSecond(accountId)
  const action = interactionPath(interaction.uid)
  return reply.page((view) => secondFactorPage(view, { partner, action, hasSecond }))
}

/** Comes here again and again until the person is proofed. */
async function showProofing(
  parts: OpenidParts,
  pending: Pending,
  signIn: SignIn,
): Promise<FastifyReply> {
  const account = await accountOf(parts, signIn)
  if (lacksProofing(pending.asked, account, pending.session)) {
    return leadTo(parts, pending, '/verify/consent')
  }
  return goOn(pending, {})
}

async function showConsent(
  { deps }: OpenidParts,
  { reply, session, interaction, asked, partner }: Pending,
  account: Account,
): Promise<FastifyReply> {
  const { attributes, ial } = asked
  const wanted = { granted: attributes, ial, slot: session.slot, verified: undefined }
  const claims = await accountClaims(deps, account, wanted)
  const action = interactionPath(interaction.uid)
  return reply
    .headers(partnerFormHeaders(originOf(interaction)))
    .page((view) => consentPage(view, { partner, attributes, claims, action }))
}

const decision = z.strictObject({ choice: z.enum(['allow', 'deny']) })

async function decide(parts: OpenidParts, pending: Pending): Promise<FastifyReply> {
  const { request, reply, signIn, interaction, finish } = pending
  if (parseForm(decision, request).choice === 'deny') {
    return goOn(pending, {
      error: 'access_denied',
      error_description: 'the person did not allow it',
    })
  }
  if (!signIn || interaction.prompt.name !== 'consent')
    return reply.redirect(interactionPath(interaction.uid), 303)
  const grantId = await saveConsent(parts, pending, signIn.accountId)
  return reply.redirect(await finish({ consent: { grantId } }), 303)
}

/** Adds to what the person allowed this partner before. */
async function saveConsent(
  { deps, openid, provider }: OpenidParts,
  { request, interaction, asked, partner }: Pending,
  accountId: string,
): Promise<string> {
  const before = await openid.grants.findFor(accountId, partner.id)
  const kept = before && (await provider.Grant.find(before.id))
  const grant = kept ?? new provider.Grant({ accountId, clientId: partner.id })
  const wanted = String(interaction.params.scope ?? '').split(' ')
  grant.addOIDCScope(scopes.filter((scope) => wanted.includes(scope)))
  grant.addOIDCClaims([
    ...asked.attributes.flatMap(claimsOfAttribute),
    ...missingClaims(interaction),
  ])
  const grantId = await grant.save()
  if (!before) await recordEvent(deps, { accountId, event: 'service-connected' }, request)
  return grantId
}

/** Asked for by `claims`, and about nobody, such as `ial`. */
function missingClaims({ prompt }: Interaction): readonly string[] {
  return z.array(z.string()).catch([]).parse(prompt.details.missingOIDCClaims)
}

async function accountOf({ deps }: OpenidParts, { accountId }: SignIn): Promise<Account> {
  const account = await deps.accounts.read(accountId)
  if (!account) throw new HttpError(404, 'ACCOUNT_GONE')
  return account
}

/** Elsewhere for a while; whoever is done there comes back, and to no page that they wanted before. */
async function leadTo(
  { deps }: OpenidParts,
  { reply, session, interaction }: Pending,
  path: string,
): Promise<FastifyReply> {
  await deps.sessions.patch(session, { interaction: interaction.uid, wantedPage: undefined })
  return reply.redirect(path, 303)
}

/**
 * By a page of its own: a form that led here, such as the one to sign in, may not be redirected to a partner, which is
 * where this may end.
 */
async function goOn(pending: Pending, result: InteractionResults): Promise<FastifyReply> {
  const { pathname: url } = new URL(await pending.finish(result))
  return pending.reply.page((view) => goingOnPage(view, { url, partner: pending.partner }))
}

/** Where the partner is answered. */
const originOf = ({ params }: Interaction): string => new URL(String(params.redirect_uri)).origin
