import { wholeNumber } from '@anteroom/runtime'
import { z } from 'zod'

/** The worker's settings about moving files. */
export const transferSettings = {
  transferDestinationsFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      'YAML file of the destinations that files can be moved to; docs/transfers.md says what stands in it. Without it every transfer fails.',
    ),
  transferJobs: wholeNumber({ min: 1, max: 1_000 })
    .default(8)
    .describe(
      'Files that are moved at once in one process, half of concurrent_jobs at most. One consumer alone gets half of them, and the last one is kept for credentials. Each takes up to 30 MB of memory.',
    ),
  transferIdleMs: wholeNumber({ min: 1_000, max: 600_000 })
    .default(60_000)
    .describe('How long a source or destination of a file may be silent, in milliseconds.'),
  transferPrivateHosts: z
    .string()
    .transform((text) => text.split(',').map((host) => host.trim()))
    .optional()
    .describe(
      'For local machines: sources and destinations of files, as host:port and separated by commas, that may be at a private address. Not in production.',
    ),
} as const
