import { z } from 'zod'

/** The worker's settings about all whom it pushes to. */
export const pushSettings = {
  pushPrivateHosts: z
    .string()
    .transform((text) => text.split(',').map((host) => host.trim()))
    .optional()
    .describe(
      'For local machines: partners’ receivers and consumers’ webhooks, as host:port and separated by commas, that may be at a private address. Not in production.',
    ),
} as const
