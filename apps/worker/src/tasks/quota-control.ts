import { jobs } from '@anteroom/job-contracts'
import { defineTask } from '../define-task.ts'

export const quotaControl = defineTask(jobs.quotaControl, [], async (command, { quotas }) => ({
  applied: await quotas.apply(command),
}))
