import { createMailbox, type Mailbox } from './mailbox.ts'
import {
  createVisitor,
  startTestWeb,
  type TestWeb,
  type TestWebOptions,
  type Visitor,
} from './web.ts'

/** The web with accounts, and the mail that it sends. */
export interface AccountDesk {
  readonly web: TestWeb
  readonly mailbox: Mailbox
  /** An address nobody has an account with. */
  newAddress(): string
  /** Somebody who has made an account, and is signed in. */
  signedUp(address?: string): Promise<Visitor>
  /** The account's id. */
  accountId(address: string): Promise<string>
  signIn(address: string, password?: string): Promise<Visitor>
  stop(): Promise<void>
}

export const samplePassword = 'rain on a tin roof'

export async function startAccountDesk(
  settings: Record<string, string> = {},
  options: Pick<TestWebOptions, 'database' | 'securityEvents'> = {},
): Promise<AccountDesk> {
  const mailbox = createMailbox()
  const web = await startTestWeb(
    { ANTEROOM_REQUESTS_PER_WINDOW: '100000', ...accountSettings, ...settings },
    { sendMail: mailbox.send, ...options },
  )
  let made = 0
  const newAddress = () => {
    made += 1
    return `person-${made}@example.test`
  }

  return {
    web,
    mailbox,
    newAddress,
    async signedUp(address = newAddress()) {
      const person = createVisitor(web.app)
      await person.get('/sign-up')
      await person.post('/sign-up', { address })
      const link = mailbox.linkTo(address)
      await person.get(link)
      await person.post(link, { password: samplePassword })
      await person.get('/account')
      return person
    },
    async accountId(address) {
      const account = await web.deps.accounts.findByAddress(address)
      return account?.id ?? ''
    },
    async signIn(address, password = samplePassword) {
      const person = createVisitor(web.app)
      await person.get('/sign-in')
      await person.post('/sign-in', { address, password })
      await person.get('/account')
      return person
    },
    stop: () => web.stop(),
  }
}

/** Everybody in a test comes from one address. */
const accountSettings = {
  ANTEROOM_ACCOUNTS: 'optional',
  ANTEROOM_SIGN_INS_PER_NETWORK: '100000',
  ANTEROOM_MAILS_PER_NETWORK: '100000',
}
