import { randomBytes } from 'node:crypto'
import {
  createGroupCommit,
  enqueueJobs,
  isCommitUnknown,
  type JobRider,
  newJobId,
  toJobRider,
} from '@anteroom/job-channel'
import { type Job, jobs, packJob } from '@anteroom/job-contracts'
import { newTraceparent } from '@anteroom/runtime'
import type { z } from 'zod'
import type { WebDeps } from '../../../apps/idp-web/src/deps.ts'
import type { AttemptRider } from '../../../apps/idp-web/src/proofing/attempts.ts'
import { samplePayloads } from '../../support/payloads.ts'

export interface Seed {
  readonly job: 'resolutionProofing' | 'addressProofing'
  readonly count: number
  /** Instead of the sample's, for a scenario of the sandbox. */
  readonly firstName?: string
}

const ridersPerCommit = 200

/** Jobs for the queue, made before anything is timed. */
export function createSeeds(deps: WebDeps) {
  const enqueue = createGroupCommit({
    commit: (riders: readonly JobRider[]) => enqueueJobs(deps.db, riders),
    isCommitUnknown,
  })
  return {
    async seed({ count, ...seed }: Seed): Promise<void> {
      for (let left = count; left > 0; left -= ridersPerCommit) {
        const lengths = { length: Math.min(left, ridersPerCommit) }
        const riders = await Promise.all(Array.from(lengths, () => sealedRider(deps, seed)))
        await enqueueJobs(deps.db, riders)
      }
    },
    riders: async (count: number): Promise<JobRider[]> => {
      const sealed = await sealedRider(deps, { job: 'resolutionProofing' })
      return Array.from({ length: count }, () => renamed(sealed))
    },
    /** As {@link riders}, each of a person of their own. */
    attempts: async (count: number): Promise<AttemptRider[]> => {
      const sealed = await sealedRider(deps, { job: 'resolutionProofing' })
      return Array.from({ length: count }, () => toAttempt(deps, renamed(sealed)))
    },
    enqueue: (rider: JobRider | undefined) => enqueue(given(rider)),
    submit: (rider: AttemptRider | undefined) => deps.attempts.submit(given(rider)),
  }
}

function sealedRider(
  deps: WebDeps,
  { job, firstName = samplePayloads[job].firstName }: Omit<Seed, 'count'>,
): Promise<JobRider> {
  return job === 'addressProofing'
    ? pack(deps, jobs.addressProofing, { ...samplePayloads.addressProofing, firstName })
    : pack(deps, jobs.resolutionProofing, { ...samplePayloads.resolutionProofing, firstName })
}

async function pack<J extends Job>(
  { sealPayload: seal }: WebDeps,
  job: J,
  payload: z.input<J['payload']>,
): Promise<JobRider> {
  const packing = { id: newJobId(), traceparent: newTraceparent(), seal }
  return toJobRider(job, await packJob(job, payload, packing))
}

/** Another job of the same weight: enough where nobody opens it. */
function renamed(rider: JobRider): JobRider {
  return { ...rider, wire: { ...rider.wire, id: newJobId() } }
}

function toAttempt({ limits }: WebDeps, rider: JobRider): AttemptRider {
  const someone = () => [randomBytes(32).toString('base64url')]
  const person = someone()
  return {
    ...rider,
    attemptId: newJobId(),
    person: person[0] ?? '',
    limits: [
      ...limits.person('resolution-proofing', person),
      ...limits.ssn('resolution-proofing', someone()),
    ],
  }
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('more was asked for than was made')
  return value
}
