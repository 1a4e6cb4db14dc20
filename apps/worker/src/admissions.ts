import { jobs } from '@anteroom/job-contracts'
import type { Admissions } from './admission.ts'
import type { TaskDeps } from './job-deps.ts'

/** Which jobs have to be admitted, and by whom. */
export function admissionsBy({
  receivers,
  webhooks,
  transfers,
}: Pick<TaskDeps, 'receivers' | 'webhooks' | 'transfers'>): Admissions {
  return {
    [jobs.webhookDelivery.name]: webhooks.admit,
    ...(receivers && { [jobs.riscDelivery.name]: receivers.admit }),
    ...(transfers && { [jobs.documentTransfer.name]: transfers.shares.admit }),
  }
}
