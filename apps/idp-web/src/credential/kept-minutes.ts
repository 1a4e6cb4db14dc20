import { jobs } from '@anteroom/job-contracts'

/** How long the place of somebody who is away is kept. */
export const placeKeptMinutes = 5

/** How long an issued credential can be fetched. */
export const fetchMinutes = jobs.credentialIssuance.outcomeSeconds / 60
