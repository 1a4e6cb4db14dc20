import { jobs } from '@anteroom/job-contracts'
import type { WorkerConfig } from './config.ts'
import type { JobDeps } from './job-deps.ts'

/** Documents wait long for memory and for each other: half of the places are for whoever needs neither. */
export function jobsAtOnce({
  documentJobs,
  concurrentJobs,
}: Pick<WorkerConfig, 'documentJobs' | 'concurrentJobs'>): JobDeps['atOnce'] {
  return { [jobs.documentProofing.name]: Math.min(documentJobs, Math.ceil(concurrentJobs / 2)) }
}
