import { childTraceparent, type Log, type Metrics, traceIdOf } from '@anteroom/runtime'
import { type PushClient, PushError } from '@anteroom/vendor-clients'
import type { Allowance } from '../push/push-limit.ts'
import { admitPush, type PushEnd, type PushTurns, takeTurn } from '../push/push-turns.ts'
import { WebhookGoneError } from './webhook-gone-error.ts'
import type { Webhooks } from './webhooks.ts'

export interface WebhooksDeps {
  readonly client: PushClient
  readonly turns: PushTurns
  readonly log: Log
  readonly metrics: Metrics
}

/** Four tries of this length, with the waits between them, fit into the time of a job. */
const timeoutMs = 20_000
const perMinute = 1_000

export function createWebhooks(deps: WebhooksDeps): Webhooks {
  const { client, turns } = deps

  return {
    admit: ({ clear: { consumer } }) => admitPush(turns, allowanceOf(String(consumer))),
    async post(message, { jobId, signal, attempt, traceparent: parent }) {
      const { consumer, url } = message
      const allowance = allowanceOf(consumer)
      const target = { receiver: allowance.receiver, url, timeoutMs }
      const traceparent = childTraceparent(parent)
      const told = { consumer, jobId, attempt, traceId: traceIdOf(traceparent) }
      try {
        return await takeTurn(turns, allowance, {
          push: () => client.pushWebhook(target, message, { signal, traceparent }),
          tell: (end) => tell(deps, told, end),
        })
      } catch (error) {
        const isGone = error instanceof PushError && error.code === 'PUSH_GONE'
        throw isGone ? new WebhookGoneError() : error
      }
    },
  }
}

/** A consumer may have the name of a partner: it is somebody else all the same. */
function allowanceOf(consumer: string): Allowance {
  return { receiver: `webhook/${consumer}`, perWindow: perMinute, timeoutMs }
}

interface Told {
  readonly consumer: string
  readonly jobId: string
  readonly attempt: number
  readonly traceId: string
}

function tell({ log, metrics }: WebhooksDeps, told: Told, end: PushEnd): void {
  const { consumer } = told
  const { outcome, durationMs } = end
  if (outcome === 'delivered') log.info('webhook.push', { ...told, ...end })
  else log.warn('webhook.push', { ...told, ...end })
  metrics.observe('transfer_webhook_duration_seconds', { consumer, outcome }, durationMs / 1000)
}
