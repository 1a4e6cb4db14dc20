import { jobs } from '@anteroom/job-contracts'
import { defineTask } from '../define-task.ts'

export const webhookDelivery = defineTask(jobs.webhookDelivery, [], async () => {
  throw new Error('not there yet')
})
