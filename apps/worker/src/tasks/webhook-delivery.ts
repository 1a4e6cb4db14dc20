import { jobs } from '@anteroom/job-contracts'
import { defineTask } from '../define-task.ts'

/** Carries one message to its consumer. It was signed by the web: no secret of a consumer's is here. */
export const webhookDelivery = defineTask(
  jobs.webhookDelivery,
  [],
  async (message, { webhooks, jobId, signal, traceparent, attempt }) => {
    const { status } = await webhooks.post(message, { jobId, signal, traceparent, attempt })
    return { status }
  },
)
