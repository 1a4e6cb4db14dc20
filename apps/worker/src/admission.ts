import type { WireJob } from '@anteroom/job-contracts'

/** A place for a job to begin in, or after how many milliseconds to ask again. */
export type Admitted = { readonly leave: () => void } | { readonly askAgainMs: number }

/** Asked before a job counts as begun, so that waiting costs nothing. Never rejects. */
export type Admission = (wire: WireJob) => Promise<Admitted>

/** By the names of the jobs that do not simply begin when there is room in the process. */
export type Admissions = Readonly<Record<string, Admission>>

export const admitAll: Admission = async () => ({ leave: () => undefined })
