import type { Open } from '@anteroom/job-contracts'
import { childTraceparent, type Log, type Metrics, traceIdOf } from '@anteroom/runtime'
import type { Receiver } from '@anteroom/security-events'
import type { PushClient } from '@anteroom/vendor-clients'
import type { Allowance } from '../push/push-limit.ts'
import { admitPush, type PushEnd, type PushTurns, takeTurn } from '../push/push-turns.ts'
import { ReceiverError } from './receiver-error.ts'
import type { Receivers } from './receivers.ts'
import { createTargets } from './targets.ts'

export interface ReceiversDeps {
  readonly receivers: ReadonlyMap<string, Receiver>
  readonly client: PushClient
  readonly turns: PushTurns
  readonly openSetting: Open
  readonly log: Log
  readonly metrics: Metrics
}

export function createReceivers(deps: ReceiversDeps): Receivers {
  const { receivers, turns, openSetting, client } = deps
  const targetOf = createTargets(openSetting)

  return {
    async admit({ clear: { partner } }) {
      const allowance = allowanceOf(receivers, partner)
      // Whoever is not known is told so when the job has begun.
      return allowance ? admitPush(turns, allowance) : { leave: () => undefined }
    },
    async push(event, options) {
      const { partner, set } = event
      const receiver = receivers.get(partner)
      const allowance = allowanceOf(receivers, partner)
      if (!receiver || !allowance) throw new ReceiverError('RECEIVER_UNKNOWN')
      const target = await targetOf(partner, receiver)
      const { signal, attempt } = options
      const traceparent = childTraceparent(options.traceparent)
      const told = { ...event, attempt, traceId: traceIdOf(traceparent) }
      return takeTurn(turns, allowance, {
        push: () => client.push(target, set, { signal, traceparent }),
        tell: (end) => tell(deps, told, end),
      })
    },
  }
}

function allowanceOf(
  receivers: ReadonlyMap<string, Receiver>,
  partner: unknown,
): Allowance | undefined {
  const receiver = typeof partner === 'string' ? receivers.get(partner) : undefined
  if (typeof partner !== 'string' || !receiver) return undefined
  return { receiver: partner, perWindow: receiver.per_minute, timeoutMs: receiver.timeout_ms }
}

interface Told {
  readonly partner: string
  readonly event: string
  readonly jti: string
  readonly attempt: number
  readonly traceId: string
}

function tell(
  { log, metrics }: ReceiversDeps,
  { partner, event, jti, attempt, traceId }: Told,
  end: PushEnd,
): void {
  const { outcome, durationMs } = end
  const at = { attempt, traceId, ...end }
  if (outcome === 'delivered') log.info('risc.push', { partner, event, jti, ...at })
  else log.warn('risc.push', { partner, event, jti, ...at })
  metrics.observe('partner_push_duration_seconds', { partner, outcome }, durationMs / 1000)
}
