import { wholeNumber } from '@anteroom/runtime'
import { z } from 'zod'

/** What the web's settings say of transfers. */
export const transferShape = {
  transferDestinationsFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      'YAML file of the destinations that files can be moved to: the one of the worker. The web reads the names and kinds alone. Without it there is no API for transfers.',
    ),
  transferKeepDays: wholeNumber({ min: 1, max: 3_650 })
    .default(30)
    .describe(
      'How long a transfer can be looked up after its end, in days. Then names of files are gone here.',
    ),
  transferSandboxOrigins: z
    .string()
    .min(1)
    .optional()
    .describe(
      'For sandboxes: origins such as https://localhost:3043, separated by commas, that files may come from though they are not public. Not in the environment "production".',
    ),
} as const
