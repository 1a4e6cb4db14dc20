import { jobs } from '@anteroom/job-contracts'
import { defineTask } from '../define-task.ts'

export const credentialRevocations = defineTask(jobs.credentialRevocations, [], async () => {
  throw new Error('NOT_BUILT')
})
