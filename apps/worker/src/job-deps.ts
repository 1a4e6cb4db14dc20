import type { Open, Seal } from '@anteroom/job-contracts'
import type { Log, Metrics } from '@anteroom/runtime'
import type { Admissions } from './admission.ts'
import type { Answers } from './answers.ts'
import type { Credentials } from './credentials/credentials.ts'
import type { Documents } from './documents/documents.ts'
import type { OrderedJobs } from './ledger/job-order.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { VendorCalls } from './ledger/vendor-calls.ts'
import type { Receivers } from './partners/receivers.ts'
import type { Gates } from './quota/gate.ts'
import type { Quotas } from './quota/quotas.ts'
import type { Reports } from './reports.ts'
import type { TransferSteps } from './transfers/transfer-steps.ts'
import type { Transfers } from './transfers/transfers.ts'
import type { Vendors } from './vendors.ts'
import type { WakeLater } from './wake-later.ts'
import type { Webhooks } from './webhooks/webhooks.ts'

/** What the wrapper itself works with. */
export interface JobDeps {
  readonly ledger: Ledger
  readonly answers: Answers
  readonly calls: VendorCalls
  /** Jobs of one name that may run at once in this process, where they may not take every place. */
  readonly atOnce: Readonly<Record<string, number>>
  readonly admissions: Admissions
  readonly order: OrderedJobs
  readonly gates: Gates
  readonly wakeLater: WakeLater
  readonly transferSteps: TransferSteps
  readonly openPayload: Open
  readonly sealResult: Seal
  readonly sealCredential: Seal
  readonly now: () => number
  readonly random: () => number
  readonly log: Log
  readonly metrics: Metrics
}

/** What a task may use. */
export interface TaskDeps {
  readonly vendors: Vendors
  readonly reports: Reports
  readonly quotas: Quotas
  /** Absent where no bucket is set. */
  readonly documents?: Documents | undefined
  /** Absent where no signing key is set. */
  readonly credentials?: Credentials | undefined
  /** Absent where no partners file is set. */
  readonly receivers?: Receivers | undefined
  readonly webhooks: Webhooks
  /** Absent where no destinations are set. */
  readonly transfers?: Transfers | undefined
}
