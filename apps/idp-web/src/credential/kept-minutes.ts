import { jobs } from '@anteroom/job-contracts'
import { keptMs } from '../line/presence.ts'

/** How long the place of somebody who is away is kept. */
export const placeKeptMinutes = keptMs / 60_000

/** How long an issued credential can be fetched. */
export const fetchMinutes = jobs.credentialIssuance.outcomeSeconds / 60
