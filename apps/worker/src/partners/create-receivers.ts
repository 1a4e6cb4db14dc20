import type { Open } from '@anteroom/job-contracts'
import { childTraceparent, type Log, type Metrics, traceIdOf } from '@anteroom/runtime'
import type { Receiver } from '@anteroom/security-events'
import { type PushClient, PushError } from '@anteroom/vendor-clients'
import { NoTurnError } from '../quota/no-turn-error.ts'
import type { Places } from './places.ts'
import type { Allowance, PushLimit } from './push-limit.ts'
import { ReceiverError } from './receiver-error.ts'
import type { Receivers } from './receivers.ts'
import { createTargets } from './targets.ts'

export interface ReceiversDeps {
  readonly receivers: ReadonlyMap<string, Receiver>
  readonly client: PushClient
  readonly limit: PushLimit
  readonly places: Places
  readonly openSetting: Open
  readonly log: Log
  readonly metrics: Metrics
}

export function createReceivers(deps: ReceiversDeps): Receivers {
  const { receivers, limit, places, openSetting } = deps
  const targetOf = createTargets(openSetting)

  return {
    async admit({ clear: { partner } }) {
      const allowance = allowanceOf(receivers, partner)
      // Whoever is not known is told so when the job has begun.
      if (!allowance) return { leave: () => undefined }
      const askAgainMs = await limit.look(allowance)
      if (askAgainMs !== undefined) return { askAgainMs }
      const place = await places.take(allowance.partner)
      return typeof place === 'number' ? { askAgainMs: place } : { leave: place }
    },
    async push(event, options) {
      const { partner, set } = event
      const receiver = receivers.get(partner)
      const allowance = allowanceOf(receivers, partner)
      if (!receiver || !allowance) throw new ReceiverError('RECEIVER_UNKNOWN')
      const target = await targetOf(partner, receiver)
      const askAgainMs = await limit.take(allowance)
      if (askAgainMs !== undefined) throw new NoTurnError(askAgainMs)
      const { signal, attempt } = options
      const traceparent = childTraceparent(options.traceparent)
      return observed(deps, { ...event, attempt, traceId: traceIdOf(traceparent) }, () =>
        deps.client.push(target, set, { signal, traceparent }),
      )
    },
  }
}

function allowanceOf(
  receivers: ReadonlyMap<string, Receiver>,
  partner: unknown,
): Allowance | undefined {
  const receiver = typeof partner === 'string' ? receivers.get(partner) : undefined
  if (typeof partner !== 'string' || !receiver) return undefined
  return { partner, perWindow: receiver.per_minute, timeoutMs: receiver.timeout_ms }
}

interface Told {
  readonly partner: string
  readonly event: string
  readonly jti: string
  readonly attempt: number
  readonly traceId: string
}

/** One line and one measurement for each push, however it ended. */
async function observed<Pushed extends { readonly status: number }>(
  { places, log, metrics }: ReceiversDeps,
  { partner, event, jti, attempt, traceId }: Told,
  push: () => Promise<Pushed>,
): Promise<Pushed> {
  const startedAt = performance.now()
  const tell = (outcome: string, facts: { status?: number | undefined; code?: string }) => {
    const durationMs = Math.round(performance.now() - startedAt)
    const end = { ...facts, outcome, durationMs, traceId }
    if (outcome === 'delivered') log.info('risc.push', { partner, event, jti, attempt, ...end })
    else log.warn('risc.push', { partner, event, jti, attempt, ...end })
    metrics.observe('partner_push_duration_seconds', { partner, outcome }, durationMs / 1000)
    return durationMs
  }
  try {
    const pushed = await push()
    places.heard(partner, true, tell('delivered', { status: pushed.status }))
    return pushed
  } catch (error) {
    const { code, status } = error instanceof PushError ? error : ({ code: 'UNEXPECTED' } as const)
    const durationMs = tell('failed', { code, status })
    if (isTheirs(code)) places.heard(partner, status !== undefined, durationMs)
    throw error
  }
}

/** Whether it says anything of the partner. */
function isTheirs(code: PushError['code'] | 'UNEXPECTED'): boolean {
  return !['PROXY_UNAVAILABLE', 'PROXY_REFUSED', 'CALL_ABORTED', 'UNEXPECTED'].includes(code)
}
