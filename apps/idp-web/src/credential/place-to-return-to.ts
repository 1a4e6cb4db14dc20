import { withDeadline } from '@anteroom/runtime'
import type { FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import type { Standing } from '../line/standing.ts'
import { ownerOf } from './own-ticket.ts'

/** They stand in line, or their place is kept for them. */
export function isLive(state: Standing['state']): state is 'waiting' | 'called' | 'left' {
  return state === 'waiting' || state === 'called' || state === 'left'
}

const soonMs = 500

/**
 * Whether this browser has a place in line, for a page that would say so in passing: it waits for the answer only so long,
 * and goes without one. Asking does not keep the place.
 */
export async function hasPlaceToReturnTo(deps: WebDeps, request: FastifyRequest): Promise<boolean> {
  const owner = ownerOf(deps, request)
  if (!owner) return false
  const looked = deps.line.look(owner.ticket).then(({ state }) => isLive(state))
  return withDeadline(looked, soonMs).catch(() => false)
}
