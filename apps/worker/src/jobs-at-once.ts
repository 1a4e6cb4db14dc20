import { jobs } from '@anteroom/job-contracts'
import type { WorkerConfig } from './config.ts'
import type { JobDeps } from './job-deps.ts'

type Sizes = Pick<
  WorkerConfig,
  'documentJobs' | 'credentialJobs' | 'transferJobs' | 'concurrentJobs'
>

/** Documents wait long for memory and for each other, and credentials for their turn: none may take every place. */
export function jobsAtOnce({
  documentJobs,
  credentialJobs,
  transferJobs,
  concurrentJobs,
}: Sizes): JobDeps['atOnce'] {
  const half = Math.ceil(concurrentJobs / 2)
  return {
    [jobs.documentProofing.name]: Math.min(documentJobs, half),
    [jobs.credentialIssuance.name]: Math.min(credentialJobs, half),
    [jobs.documentTransfer.name]: Math.min(transferJobs, half),
  }
}
