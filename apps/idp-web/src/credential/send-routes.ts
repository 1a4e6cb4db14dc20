import { transferName } from '@anteroom/job-contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { WebDeps } from '../deps.ts'
import { parseForm } from '../plugins/forms.ts'
import { HttpError } from '../plugins/http-error.ts'
import { type Consent, consentOf } from '../transfers/consents.ts'
import { type CredentialReceiver, credentialReceivers } from '../transfers/consumers.ts'
import type { TransferStateName } from '../transfers/schemas.ts'
import { takesCredentials } from '../transfers/scopes.ts'
import { fetchTime, findCredential } from './kept-credential.ts'
import { notFoundForAll, type Owner, ownerOf, pollingTicket } from './own-ticket.ts'
import {
  type Agency,
  agenciesPage,
  agencyPath,
  consentCodePage,
  sendConsentPage,
  sendPath,
} from './pages/send.ts'
import { type Sent, sentPage } from './pages/sent.ts'
import { agreeTo, openReceivers, sendNow } from './send-credential.ts'

type Named = { Params: { agency: string }; Querystring: { refresh?: unknown } }

/** From an issued credential to an agency that takes it, as its owner agrees to. */
export function sendRoutes(app: FastifyInstance, deps: WebDeps): void {
  const { transfers } = deps
  if (!transfers) return

  app.get(sendPath, async (request, reply) => {
    if (!(await ownKept(deps, request, reply))) return reply
    const list = await openReceivers(deps)
    return reply.page((view) => agenciesPage(view, list.map(toAgency)))
  })

  app.get<Named>(`${sendPath}/:agency`, async (request, reply) => {
    const owner = await ownKept(deps, request, reply)
    if (!owner) return reply
    const receiver = await receiverOf(deps, request.params)
    const progress = await progressOf(deps, owner.ticket.id, receiver.id)
    if (progress && !['unused', 'failed'].includes(progress.state)) return toSent(reply, receiver)
    if (!takesCredentials(receiver, transfers)) return sayClosed(deps, reply, receiver)
    return reply.page((view) => sendConsentPage(view, toAgency(receiver)))
  })

  // A code is shown by the answer itself, and not by the way to a page: nothing keeps it for a second look.
  app.post<Named>(`${sendPath}/:agency`, async (request, reply) => {
    const owner = await ownKept(deps, request, reply)
    if (!owner) return reply
    const { how, agree } = parseForm(agreement, request)
    const receiver = await receiverOf(deps, request.params)
    if (!takesCredentials(receiver, transfers)) return sayClosed(deps, reply, receiver)
    if (agree === undefined) {
      return reply.code(422).page((view) => sendConsentPage(view, toAgency(receiver), true))
    }
    const code = await agreeTo(deps, { request, owner, receiver, how })
    if (code === undefined) return toSent(reply, receiver)
    if (how === 'code') {
      const { fetchUntil: goodUntil } = await fetchTime(deps, owner.ticket.id)
      return reply.page((view) => consentCodePage(view, toAgency(receiver), { code, goodUntil }))
    }
    switch (await sendNow(deps, transfers, { request, owner, receiver, code })) {
      case 'taken':
        return toSent(reply, receiver)
      case 'closed':
        return sayClosed(deps, reply, receiver)
      case 'gone':
        return reply.redirect('/credential/line', 303)
    }
  })

  app.get<Named>(`${sendPath}/:agency/sent`, async (request, reply) => {
    const owner = ownerOf(deps, request)
    if (!owner) throw notFoundForAll(request)
    const receiver = await receiverOf(deps, request.params)
    const sent = await sentBy(deps, owner, receiver)
    if (!sent) return reply.redirect(agencyPath(receiver.id), 303)
    const refreshes = request.query.refresh !== 'off'
    return reply.page((view) => sentPage(view, { agency: toAgency(receiver), sent, refreshes }))
  })

  const forScripts = { config: { json: true, quiet: true, rateLimit: false } } as const
  app.get<Named>(`${sendPath}/:agency/sent/status`, forScripts, async (request, reply) => {
    const ticket = await pollingTicket(deps, request)
    const agency = transferName.safeParse(request.params.agency).data ?? ''
    const progress = ticket && (await progressOf(deps, ticket.id, agency))
    if (!progress) return reply.code(404).send({ state: 'ended' })
    const { state } = progress
    return { state, nextPollSeconds: state === 'sending' ? 2 : 10 }
  })
}

const agreement = z.strictObject({
  how: z.enum(['send', 'code']),
  agree: z.literal('yes').optional(),
})

/** Undefined, and sent to where they learn it, if their credential is not kept any more. Strangers learn nothing. */
async function ownKept(
  deps: WebDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Owner | undefined> {
  const owner = ownerOf(deps, request)
  const kept = await findCredential(deps, owner?.ticket.id ?? '')
  if (!owner) throw notFoundForAll(request)
  if (kept !== undefined) return owner
  reply.redirect('/credential/line', 303)
  return undefined
}

/** Also one that takes none just now. */
async function receiverOf(
  { db }: WebDeps,
  { agency }: { readonly agency: string },
): Promise<CredentialReceiver> {
  const id = transferName.safeParse(agency).data
  const [receiver] = id === undefined ? [] : await credentialReceivers(db, id)
  if (!receiver) throw new HttpError(404, 'AGENCY_UNKNOWN')
  return receiver
}

const toAgency = ({ id, credentials: { name } }: CredentialReceiver): Agency => ({ id, name })

const toSent = (reply: FastifyReply, { id }: CredentialReceiver): FastifyReply =>
  reply.redirect(`${agencyPath(id)}/sent`, 303)

async function sayClosed(
  deps: WebDeps,
  reply: FastifyReply,
  { id, credentials: { name } }: CredentialReceiver,
): Promise<FastifyReply> {
  const others = (await openReceivers(deps)).filter((one) => one.id !== id)
  return reply.code(409).page((view) => agenciesPage(view, others.map(toAgency), name))
}

/** What was agreed, and what has come of it; undefined if nothing was, or a code was not used in time. */
async function progressOf(
  { db }: WebDeps,
  ticketId: string,
  consumerId: string,
): Promise<{ readonly state: Sent['state']; readonly problem: Consent['problem'] } | undefined> {
  const consent = await consentOf(db, ticketId, consumerId)
  if (!consent || (!consent.isUsed && consent.isExpired)) return undefined
  const { state, problem } = consent
  return { state: state ? stateOf(state) : 'unused', problem }
}

async function sentBy(
  deps: WebDeps,
  { ticket }: Owner,
  { id }: CredentialReceiver,
): Promise<Sent | undefined> {
  const progress = await progressOf(deps, ticket.id, id)
  if (!progress) return undefined
  const { state, problem } = progress
  if (state !== 'failed') return { state }
  const isKept = (await findCredential(deps, ticket.id)) !== undefined
  return { state, problem, isKept }
}

function stateOf(state: TransferStateName): Exclude<Sent['state'], 'unused'> {
  switch (state) {
    case 'queued':
    case 'running':
      return 'sending'
    case 'cancelled':
      return 'failed'
    default:
      return state
  }
}
