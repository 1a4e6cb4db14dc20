import { z } from 'zod'
import { defineJob } from '../define-job.ts'
import * as fields from '../fields.ts'

/** What an e-mail is about. The worker has the words; a name is never reused for something else. */
const mailTemplates = [
  'confirm-address',
  'already-an-account',
  'recovery',
  'no-account',
  'new-address',
  'address-changed',
  'password-changed',
  'factor-added',
  'factor-removed',
  'new-sign-in',
  'account-deleted',
  'fraud-reported',
  'transfer-key-expiring',
] as const

export type MailTemplate = (typeof mailTemplates)[number]

/** Sends one e-mail. Nobody waits for it. */
export const emailDelivery = defineJob({
  name: 'email-delivery',
  payload: z.object({
    to: fields.emailAddress,
    template: z.enum(mailTemplates),
    language: z.enum(['en-US']),
    /** Of our own pages. */
    link: z.url({ protocol: /^https?$/ }),
    /** Small facts by their names, such as `browser`. What a template has no words for is left out. */
    values: z.record(z.string().regex(/^[a-z][a-zA-Z]{0,29}$/), fields.line).optional(),
  }),
  clear: [],
  result: z.object({ sent: z.literal(true) }),
  outcomeSeconds: 60,
  deadlineSeconds: 600,
  retry: { attempts: 8, firstDelaySeconds: 5, maxDelaySeconds: 120 },
})
