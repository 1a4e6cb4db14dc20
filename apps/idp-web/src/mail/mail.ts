import type { Db } from '@anteroom/job-channel'
import type { MailTemplate } from '@anteroom/job-contracts'

/** An e-mail to somebody. Its words are the worker's. */
export interface Mail {
  readonly to: string
  readonly template: MailTemplate
  /** Of our own pages. */
  readonly link: string
  /** What docs/mail.md lists, such as `browser`. */
  readonly values?: Readonly<Record<string, string>>
}

/**
 * Enqueues it, and does not wait for the worker. That it is sent, or why it was not, nobody here learns.
 *
 * @param tx Where it is to be sent only if this commits.
 */
export type SendMail = (mail: Mail, tx?: Db) => Promise<void>
