import type { jobs, PayloadOf } from '@anteroom/job-contracts'
import type { Destination, Source } from '@anteroom/vendor-clients'
import type { Shares } from './shares.ts'

export type TransferPayload = PayloadOf<typeof jobs.documentTransfer>

/** Where files can come from, and where they can go. */
export interface Transfers {
  readonly shares: Shares
  sourceOf(payload: Pick<TransferPayload, 'source'>): Source
  /** Undefined if there is none of this name. */
  destinationOf(name: string): Promise<Destination | undefined>
}
