import { sealTextFor } from '@anteroom/crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SendMail } from '../../apps/idp-web/src/mail/mail.ts'
import { createSendMail } from '../../apps/idp-web/src/mail/send-mail.ts'
import { localSealer } from '../support/local-sealer.ts'
import { type RunningService, startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
let worker: RunningService
let db: pg.Pool
let sendMail: SendMail
beforeAll(async () => {
  stack = await startTestStack({ keys: 'local' })
  worker = await startService('worker', stack)
  db = new pg.Pool({ connectionString: stack.addresses.databaseUrls.web })
  sendMail = createSendMail({ db, sealPayload: sealTextFor(localSealer(stack), 'payload') })
})
afterAll(async () => {
  await db.end()
  await worker.stop()
  await stack.stop()
})

test('an e-mail of the web is in the mailbox of the sandbox soon after, through the proxy', async () => {
  const link = 'http://127.0.0.1:3000/email/sign-up/wS4T'

  await sendMail({ to: 'susan@example.com', template: 'confirm-address', link })

  await expect
    .poll(async () => {
      const response = await fetch(new URL('/mails.json', stack.mail.pageUrl))
      return JSON.parse(await response.text()).mails
    })
    .toMatchObject([{ to: ['susan@example.com'], links: [link] }])
  expect(stack.proxy.connectsTo('mail.vendors.test')).toBe(1)
})
