import { wholeNumber } from '@anteroom/runtime'
import { z } from 'zod'

/** Settings of accounts, part of the web's. */
export const accountSettings = {
  accounts: z
    .enum(['off', 'optional', 'required'])
    .default('off')
    .describe(
      'Whether people can have an account, or must have one before they prove who they are. Needs a worker that can send e-mail.',
    ),
  signInAttempts: wholeNumber({ min: 1, max: 100 })
    .default(10)
    .describe('Wrong passwords that may be tried for one address in a sign-in window.'),
  signInsPerNetwork: wholeNumber({ min: 1, max: 1_000_000 })
    .default(200)
    .describe('Passwords that may be tried from one network address in a sign-in window.'),
  signInWindowSeconds: wholeNumber({ min: 1, max: 86_400 })
    .default(900)
    .describe('Length of the sign-in window.'),
  mailsPerAddress: wholeNumber({ min: 1, max: 1_000 })
    .default(5)
    .describe('E-mails with a link that anybody may ask to have sent to one address in an hour.'),
  mailsPerNetwork: wholeNumber({ min: 1, max: 1_000_000 })
    .default(100)
    .describe('E-mails with a link that may be asked for from one network address in an hour.'),
  accountHistoryDays: wholeNumber({ min: 1, max: 3_650 })
    .default(90)
    .describe('How long an account remembers what happened to it.'),
  passwordBlocklistFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Text file with passwords that nobody may choose, one a line, beside the common ones that come with the web.',
    ),
} as const
