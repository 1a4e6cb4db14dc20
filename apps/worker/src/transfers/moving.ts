import type { jobs, ResultOf } from '@anteroom/job-contracts'
import {
  type Destination,
  type Source,
  type TransferCall,
  TransferError,
  type Upload,
} from '@anteroom/vendor-clients'
import type { Committing, Step, Steps } from './transfer-steps.ts'
import type { TransferPayload } from './transfers.ts'

export interface Moving {
  readonly payload: TransferPayload
  readonly source: Source
  readonly destination: Destination
  readonly call: TransferCall
  readonly steps: Steps
  /** Tells how many bytes have been moved. */
  readonly progress: (bytes: number) => Promise<void>
  /** Says that the destination has taken a piece. */
  readonly taken: () => void
  /** Database time: it goes on between starts. */
  readonly now: () => number
}

export type Moved = ResultOf<typeof jobs.documentTransfer>

export function movedAs({ filename, sha256, size: bytes, mediaType }: Committing): Moved {
  return { filename, sha256, bytes, mediaType }
}

/** That another start has the job is told as any trouble: what this one says is not heard anyway. */
export async function saveOrThrow(steps: Steps, step: Step): Promise<void> {
  if (!(await steps.save(step))) throw jobLost()
}

export const jobLost = () => new TransferError('destination-unreachable', { cause: 'JOB_LOST' })

/** An upload may be another start's by now. */
export async function takeBack({ steps }: Moving, upload: Upload | undefined): Promise<void> {
  if (upload && (await steps.holds())) await upload.abort()
}
