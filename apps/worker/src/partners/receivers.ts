import type { jobs, PayloadOf } from '@anteroom/job-contracts'
import type { Pushed } from '@anteroom/vendor-clients'
import type { Admission } from '../admission.ts'

type Event = PayloadOf<typeof jobs.riscDelivery>

export interface PushingOptions {
  readonly signal: AbortSignal
  readonly traceparent: string
  readonly attempt: number
}

/** The partners that are told of security events. */
export interface Receivers {
  /** Before an event's job begins: whether its partner takes another one now. */
  readonly admit: Admission
  /**
   * Posts the token, once.
   * @throws PushError, ReceiverError, NoTurnError
   */
  push(event: Event, options: PushingOptions): Promise<Pushed>
}
