import { jobs } from '@anteroom/job-contracts'
import type { Admissions } from './admission.ts'
import type { Receivers } from './partners/receivers.ts'

/** Which jobs have to be admitted, and by whom. */
export function admissionsBy(receivers: Receivers | undefined): Admissions {
  return receivers ? { [jobs.riscDelivery.name]: receivers.admit } : {}
}
