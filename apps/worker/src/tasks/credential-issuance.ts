import { jobs } from '@anteroom/job-contracts'
import { defineTask } from '../define-task.ts'

export const credentialIssuance = defineTask(jobs.credentialIssuance, [], async () => {
  throw new Error('NOT_BUILT')
})
