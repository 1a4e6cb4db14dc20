import { PushError, type PushErrorCode, type Pushed } from '@anteroom/vendor-clients'
import type { Admitted } from '../admission.ts'
import { NoTurnError } from '../quota/no-turn-error.ts'
import type { Places } from './places.ts'
import type { Allowance, PushLimit } from './push-limit.ts'

/** What all pushes of this process share, whoever is told and of what. */
export interface PushTurns {
  readonly limit: PushLimit
  readonly places: Places
}

/** Before a job begins: a place, if its receiver takes another push now. */
export async function admitPush(
  { limit, places }: PushTurns,
  allowance: Allowance,
): Promise<Admitted> {
  const askAgainMs = await limit.look(allowance)
  if (askAgainMs !== undefined) return { askAgainMs }
  const place = await places.take(allowance.receiver)
  return typeof place === 'number' ? { askAgainMs: place } : { leave: place }
}

/** How a push ended: for one line and one measurement. */
export interface PushEnd {
  readonly outcome: 'delivered' | 'failed'
  readonly durationMs: number
  readonly status?: number | undefined
  readonly code?: string
}

export interface Pushing {
  readonly push: () => Promise<Pushed>
  readonly tell: (end: PushEnd) => void
}

/**
 * Pushes once, if the receiver still has room for it.
 * @throws PushError, NoTurnError
 */
export async function takeTurn(
  { limit, places }: PushTurns,
  allowance: Allowance,
  { push, tell }: Pushing,
): Promise<Pushed> {
  const askAgainMs = await limit.take(allowance)
  if (askAgainMs !== undefined) throw new NoTurnError(askAgainMs)
  const startedAt = performance.now()
  const tookMs = () => Math.round(performance.now() - startedAt)
  try {
    const pushed = await push()
    const durationMs = tookMs()
    tell({ outcome: 'delivered', durationMs, status: pushed.status })
    places.heard(allowance.receiver, true, durationMs)
    return pushed
  } catch (error) {
    const durationMs = tookMs()
    const { code, status } = error instanceof PushError ? error : ({ code: 'UNEXPECTED' } as const)
    tell({ outcome: 'failed', durationMs, status, code })
    if (isTheirs(code)) places.heard(allowance.receiver, status !== undefined, durationMs)
    throw error
  }
}

/** Whether it says anything of the receiver. */
function isTheirs(code: PushErrorCode | 'UNEXPECTED'): boolean {
  return !['PROXY_UNAVAILABLE', 'PROXY_REFUSED', 'CALL_ABORTED', 'UNEXPECTED'].includes(code)
}
