import { jobs } from '@anteroom/job-contracts'
import { defineTask } from '../define-task.ts'

export const reportAgain = defineTask(jobs.reportAgain, [], async ({ since }, { reports }) => ({
  reported: await reports.repeatSince(since),
}))
