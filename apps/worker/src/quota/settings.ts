import { wholeNumber } from '@anteroom/runtime'

/** The worker's settings about how often the registry may be called. */
export const quotaSettings = {
  registryQuotaCalls: wholeNumber({ min: 1, max: 100_000 })
    .default(10)
    .describe(
      'How many calls the registry takes in any registry_quota_window_seconds, over all workers, until an operator says otherwise. Redis needs 45 MB for each call a second: a credential lies there for ten minutes.',
    ),
  registryQuotaWindowSeconds: wholeNumber({ min: 1, max: 86_400 })
    .default(1)
    .describe('The window of registry_quota_calls.'),
  registryQuotaSlackMs: wholeNumber({ min: 2, max: 10_000 })
    .default(20)
    .describe(
      'How unpunctual a call to the registry may be, in milliseconds: one half is how much later than its moment it may leave, more than a round trip to Redis; the other by how much the ways there may differ. Calls are spaced by so much more than the quota asks: the share of it that stays unused.',
    ),
  credentialJobs: wholeNumber({ min: 1, max: 1_000 })
    .default(50)
    .describe(
      'Credentials that are issued at once in one process, half of concurrent_jobs at most. Over all workers there must be room for the calls of 2.5 seconds and of as long as the registry takes.',
    ),
} as const
