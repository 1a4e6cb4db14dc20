import { forgetOutcome } from '@anteroom/job-channel'
import { withDeadline } from '@anteroom/runtime'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { issuesCredentials } from '../config.ts'
import { holderOf } from '../credential/holder.ts'
import { isOwnerProof } from '../credential/owner-proof.ts'
import type { WebDeps } from '../deps.ts'
import { forgetSession } from '../openid/forget-session.ts'
import { checks } from '../proofing/answer.ts'
import { foundAgainBy } from '../proofing/counted-as.ts'
import { randomId } from '../random-id.ts'
import type { HeldTicket, OpenAttempt, Session } from '../session/session.ts'
import {
  clearOwnerCookie,
  clearSessionCookies,
  cookieNames,
  deviceOf,
  setSessionCookies,
} from './session-cookies.ts'

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | undefined
    /** Whether the browser showed a session cookie, good or not. */
    hadSession: boolean
  }
}

/**
 * Who is asking. The session cookie is a random id; the device cookie is a signed one that outlives sessions, so that
 * limits and an open attempt are found again when Redis has lost the session.
 */
export function session(app: FastifyInstance, deps: WebDeps): void {
  app.decorateRequest('session', undefined)
  app.decorateRequest('hadSession', false)
  app.addHook('onRequest', (request, _reply, done) => {
    const { quiet, anonymous } = request.routeOptions.config
    // Told to go on at once rather than by a promise: a poll takes this way.
    if (quiet === true || anonymous === true || request.url.startsWith('/assets/')) return done()
    loadSession(deps, request).then(() => done(), done)
  })
}

async function loadSession(deps: WebDeps, request: FastifyRequest): Promise<void> {
  const id = request.cookies[cookieNames(deps.config).session]
  request.hadSession = id !== undefined
  if (id === undefined) return
  const loaded = loadAlive(deps, id)
  const { sessionOptional } = request.routeOptions.config
  request.session = await (sessionOptional === true ? ifSoon(loaded) : loaded)
}

/** A session that its account has ended from elsewhere is over, with all that was done in it. */
async function loadAlive(deps: WebDeps, id: string): Promise<Session | undefined> {
  const session = await deps.sessions.load(id)
  if (!session?.signIn) return session
  if (await deps.accountSessions.see(session.signIn.accountId, session.slot)) return session
  await giveUp(deps, session)
  return undefined
}

/** A page that does without leaves the others that are still to be asked enough time. */
const sessionSoonMs = 500

function ifSoon(loaded: Promise<Session | undefined>): Promise<Session | undefined> {
  return withDeadline(loaded, sessionSoonMs).catch(() => undefined)
}

/** The request's session, or a new one. */
export async function ensureSession(
  deps: WebDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Session> {
  if (request.session) return request.session
  const device = deviceOf(deps, request)
  const created = await deps.sessions.create(device ?? randomId())
  const withAttempt = await takeUpOpenAttempt(deps, created)
  request.session = await takeUpTicket(deps, request, withAttempt)
  setSessionCookies(deps, reply, request.session)
  return request.session
}

/** The request's session, or a new one for a browser whose session was lost with Redis while it stood in line. */
export async function resumeInLine(
  deps: WebDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Session | undefined> {
  const device = deviceOf(deps, request)
  if (request.session || device === undefined) return request.session
  const created = await deps.sessions.create(device)
  const resumed = await takeUpTicket(deps, request, created)
  if (!resumed.ticket) {
    await deps.sessions.end(created)
    return undefined
  }
  request.session = resumed
  setSessionCookies(deps, reply, resumed)
  return resumed
}

/** After a loss of Redis whoever signs in finds the check that was under way, and the place that their account had in the line. */
export async function resumeSignedIn(
  deps: WebDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { session } = request
  if (!session?.signIn) return
  const withAttempt = (await isOnlySession(deps, session.signIn.accountId))
    ? await takeUpOpenAttempt(deps, session)
    : session
  request.session = await takeUpTicket(deps, request, withAttempt)
  setSessionCookies(deps, reply, request.session)
}

/**
 * A new id for the same session: an id that was known before the person began is worth nothing after. Whoever is signed in has
 * one that nobody knew before they signed in, and keeps it: whichever answer to a double click the browser keeps, they stay
 * signed in.
 */
export async function rotateSession(
  deps: WebDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { session } = request
  if (!session || session.signIn) return
  // A second click finds the session rotated already. It gets a session of its own, whichever answer the browser keeps.
  request.session =
    (await deps.sessions.rotate(session)) ?? (await deps.sessions.create(session.device))
  setSessionCookies(deps, reply, request.session)
}

/**
 * A new session in the place of this one, which ends: what was done in it is nobody's who comes after, such as the person
 * who signs in. The device stays the same.
 */
export async function replaceSession(
  deps: WebDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Session> {
  const device = request.session?.device ?? deviceOf(deps, request) ?? randomId()
  if (request.session) await giveUp(deps, request.session)
  request.session = await deps.sessions.create(device)
  clearOwnerCookie(deps, reply)
  setSessionCookies(deps, reply, request.session)
  return request.session
}

/** Whether a place in line was given up with it. */
export async function endSession(
  deps: WebDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const hadPlace = request.session ? await giveUp(deps, request.session) : false
  request.session = undefined
  clearSessionCookies(deps, reply)
  reply.header('clear-site-data', '"cache", "storage"')
  return hadPlace
}

/** Ends a session, and all that was under way in it. Whether that was also a place in line. */
async function giveUp(deps: WebDeps, session: Session): Promise<boolean> {
  const { attempt, answer, ticket, signIn } = session
  if (signIn) await deps.accountSessions.end(signIn.accountId, [session.slot])
  if (attempt) await leaveAttempt(deps, attempt)
  if (answer && answer.kind !== 'limited') await deps.attempts.close(answer.attemptId)
  const hadPlace = ticket ? await giveUpTicket(deps, ticket) : false
  await forgetSession(deps, session.slot)
  await deps.sessions.end(session)
  return hadPlace
}

/** Whoever comes to this device next must not find it. */
async function leaveAttempt({ attempts }: WebDeps, attempt: OpenAttempt): Promise<void> {
  if (!(await attempts.cancel(attempt))) await attempts.close(attempt.attemptId)
}

/** Nobody comes back to the place, and the credential is gone if it was made. False if that, or nothing, was left of it. */
async function giveUpTicket(
  { line, redis }: WebDeps,
  { id, number }: HeldTicket,
): Promise<boolean> {
  const hadPlace = await line.end({ id, number })
  const hadOutcome = await forgetOutcome(redis, id)
  return hadPlace && !hadOutcome
}

/** Otherwise what is under way is another session's, which waits for it. A loss of Redis takes the list with the sessions. */
async function isOnlySession({ accountSessions }: WebDeps, accountId: string): Promise<boolean> {
  return (await accountSessions.list(accountId)).length === 1
}

/** After a loss of the session whoever began an attempt finds it again, and gets an honest page. */
async function takeUpOpenAttempt(deps: WebDeps, created: Session): Promise<Session> {
  const open = await deps.attempts.openOf(foundAgainBy(deps.fingerprints, created))
  const check = checks.find((name) => name === open?.job)
  if (!open || !check) return created
  const { attemptId, jobId, enqueuedAt, deadlineAt } = open
  const attempt = { attemptId, jobId, check, subjectId: '', enqueuedAt, deadlineAt }
  await deps.sessions.patch(created, { attempt })
  return { ...created, attempt }
}

/**
 * After a loss of Redis, and only then, the same browser finds its place in the line; from then on it is this session's.
 * It shows both its device and that the ticket is its own: the device cookie alone, which stays for a year, would give the
 * next person at a shared computer the credential of the one before. Whoever has signed in has shown whose the place is.
 */
async function takeUpTicket(
  { config, fingerprints, line, sessions }: WebDeps,
  { cookies }: FastifyRequest,
  created: Session,
): Promise<Session> {
  const { device, signIn } = created
  const proof = cookies[cookieNames(config).owner] ?? ''
  if (!issuesCredentials(config)) return created
  const ticket = await line.takeUp({
    person: foundAgainBy(fingerprints, created),
    holder: holderOf(created),
    isOwn: (ticketId) => signIn !== undefined || isOwnerProof(config, { device, ticketId }, proof),
  })
  if (!ticket) return created
  await sessions.patch(created, { ticket })
  return { ...created, ticket }
}
