import { z } from 'zod'

/** Settings of what an account keeps of who somebody is, part of the web's. */
export const identitySettings = {
  profileKeeping: z
    .enum(['off', 'by-choice'])
    .default('off')
    .describe(
      'Whether people who were verified may choose to have name, date of birth, address and phone number kept in their account, sealed. Otherwise an account keeps only that, when and how they were verified.',
    ),
} as const
