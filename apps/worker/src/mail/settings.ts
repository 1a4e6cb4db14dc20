import { wholeNumber } from '@anteroom/runtime'
import { z } from 'zod'

/** The worker's settings about e-mail. */
export const mailSettings = {
  smtpUrl: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .meta({ secret: true })
    .describe(
      'The mail server, with user and password: smtps:// for TLS from the start, smtp:// for STARTTLS, which is then required. Without it every e-mail fails, and the web must have accounts off.',
    ),
  mailFrom: z
    .string()
    .regex(/^[^<>"\p{C}]{1,80} <[^\s@<>]+@[^\s@<>]+>$/u)
    .optional()
    .describe(
      'Who e-mail is from, such as `Anteroom <no-reply@id.example.gov>`: the name is also what e-mail calls this service. Required with smtp_url.',
    ),
  mailTimeoutMs: wholeNumber({ min: 100, max: 300_000 })
    .default(30_000)
    .describe('Time budget for handing one e-mail to the mail server, in milliseconds.'),
} as const
