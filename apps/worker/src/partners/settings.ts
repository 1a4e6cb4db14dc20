import { z } from 'zod'

/** The worker's settings about partners. */
export const partnerSettings = {
  partnersFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The web’s partners file. The worker reads where and how partners want to be told of security events. Without it every such job fails in the end.',
    ),
} as const
