import type { jobs, PayloadOf } from '@anteroom/job-contracts'
import type { Pushed } from '@anteroom/vendor-clients'
import type { Admission } from '../admission.ts'

type Message = PayloadOf<typeof jobs.webhookDelivery>

interface PostingOptions {
  readonly jobId: string
  readonly signal: AbortSignal
  readonly traceparent: string
  readonly attempt: number
}

/** Consumers that are told how their transfers ended. */
export interface Webhooks {
  /** Before a message's job begins: whether its consumer takes another one now. */
  readonly admit: Admission
  /**
   * Posts the message, once.
   * @throws PushError, WebhookGoneError, NoTurnError
   */
  post(message: Message, options: PostingOptions): Promise<Pushed>
}
