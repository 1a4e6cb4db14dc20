import { jobs } from '@anteroom/job-contracts'
import { defineTask } from '../define-task.ts'
import { ReceiverError } from '../partners/receiver-error.ts'
import { expiryOf } from '../partners/token-expiry.ts'

/** Carries one token to its partner. It was signed by the web: no key that signs such tokens is here. */
export const riscDelivery = defineTask(
  jobs.riscDelivery,
  [],
  async (event, { receivers, signal, traceparent, attempt, uselessFrom }) => {
    const expiresAt = expiryOf(event.set)
    if (expiresAt !== undefined) {
      uselessFrom(expiresAt - marginMs)
      if (Date.now() >= expiresAt - marginMs) throw new ReceiverError('SET_EXPIRED')
    }
    if (!receivers) throw new ReceiverError('RECEIVER_UNKNOWN')
    const { status } = await receivers.push(event, { signal, traceparent, attempt })
    return { status }
  },
)

/** A token is not sent so shortly before it expires that the partner may find it expired. */
const marginMs = 60_000
