import { jobs } from '@anteroom/job-contracts'
import { defineTask } from '../define-task.ts'
import { MailError } from '../mail/mail-error.ts'
import { writeLetter } from '../mail/write-letter.ts'

/**
 * A letter whose sending nobody saw answered is sent again, unlike other questions to a vendor without keys: twice in a mailbox
 * is little harm, and one that never comes keeps somebody out of their account.
 */
export const emailDelivery = defineTask(
  jobs.emailDelivery,
  ['mail'],
  async (mail, { ask, vendors: { mail: server } }) => {
    if (!server) throw new MailError()
    const { letter } = await ask({
      letter: {
        vendor: 'mail',
        timeoutMs: server.timeoutMs,
        call: (options) => server.client.send(writeLetter(mail, server.senderName), options),
      },
    })
    return letter
  },
)
