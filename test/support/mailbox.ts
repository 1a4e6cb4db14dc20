import { jobs } from '@anteroom/job-contracts'
import type { Mail } from '../../apps/idp-web/src/mail/mail.ts'

/** Everybody's mail, in the order in which it was sent. */
export interface Mailbox {
  readonly mails: readonly Mail[]
  /** Takes what the worker would take, and nothing else. */
  readonly send: (mail: Mail) => Promise<void>
  /** The last one to this address. */
  last(to: string): Mail
  /** The path of the link in it. */
  linkTo(to: string): string
}

export function createMailbox(): Mailbox {
  const mails: Mail[] = []
  function last(to: string): Mail {
    const mail = mails.findLast((sent) => sent.to === to)
    if (!mail) throw new Error('Nothing was sent there')
    return mail
  }
  return {
    mails,
    async send(mail) {
      jobs.emailDelivery.payload.parse({ ...mail, language: 'en-US' })
      mails.push(mail)
    },
    last,
    linkTo: (to) => new URL(last(to).link).pathname,
  }
}
