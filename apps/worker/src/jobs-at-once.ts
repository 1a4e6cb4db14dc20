import { jobs } from '@anteroom/job-contracts'
import type { WorkerConfig } from './config.ts'
import type { JobDeps } from './job-deps.ts'

type Sizes = Pick<WorkerConfig, 'documentJobs' | 'credentialJobs' | 'concurrentJobs'>

/** Documents wait long for memory and for each other, and credentials for their turn: none may take every place. */
export function jobsAtOnce({
  documentJobs,
  credentialJobs,
  concurrentJobs,
}: Sizes): JobDeps['atOnce'] {
  const half = halfOf(concurrentJobs)
  return {
    [jobs.documentProofing.name]: Math.min(documentJobs, half),
    [jobs.credentialIssuance.name]: Math.min(credentialJobs, half),
  }
}

/** As many files are moved at once, and shared between destinations and consumers. */
export function transferPlaces({
  transferJobs,
  concurrentJobs,
}: Pick<WorkerConfig, 'transferJobs' | 'concurrentJobs'>): number {
  return Math.min(transferJobs, halfOf(concurrentJobs))
}

const halfOf = (places: number): number => Math.ceil(places / 2)
