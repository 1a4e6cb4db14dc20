import type { Account } from '../../apps/idp-web/src/account/accounts.ts'
import type { SignInMethod } from '../../apps/idp-web/src/session/session.ts'
import { createMailbox, type Mailbox } from './mailbox.ts'
import { createSoftPasskey, type Question, type Site, type SoftPasskey } from './passkey.ts'
import { sessionOf, signInAs } from './signed-in.ts'
import { createVisitor, startTestWeb, type TestWeb, type Visitor } from './web.ts'

/** The web with accounts whose passwords nobody asks for: who they are is written into a person's session. */
export interface FactorDesk {
  readonly web: TestWeb
  readonly site: Site
  readonly mailbox: Mailbox
  newAccount(options?: { readonly hasPassword?: boolean }): Promise<Account>
  /** A browser in which the owner of this account has signed in. */
  signedIn(account: Account, options?: SignedInOptions): Promise<Visitor>
  /** One in which the password was right, and the rest is still to be shown. */
  halfSignedIn(account: Account, at?: number): Promise<Visitor>
  /** Adds a passkey as a browser does. */
  addPasskey(person: Visitor): Promise<SoftPasskey>
  /** What the browser is to ask of an authenticator. */
  question(person: Visitor, url: string): Promise<Question>
  /** What happened to the account, in order. */
  eventsOf(account: Account): Promise<readonly string[]>
  /** How the person of this browser is signed in. */
  methodsOf(person: Visitor): Promise<readonly SignInMethod[] | undefined>
  stop(): Promise<void>
}

export interface SignedInOptions {
  /** When, milliseconds since the epoch. */
  readonly at?: number
}

export async function startFactorDesk(publicUrl = 'http://localhost:3000'): Promise<FactorDesk> {
  const mailbox = createMailbox()
  const web = await startTestWeb(
    {
      ANTEROOM_PUBLIC_URL: publicUrl,
      ANTEROOM_ACCOUNTS: 'optional',
      // Everybody here comes from one address.
      ANTEROOM_REQUESTS_PER_WINDOW: '100000',
    },
    { sendMail: mailbox.send },
  )
  const { deps } = web
  const site = { origin: new URL(publicUrl).origin, rpId: new URL(publicUrl).hostname }
  let accounts = 0

  const desk: FactorDesk = {
    web,
    site,
    mailbox,
    async newAccount({ hasPassword = true } = {}) {
      accounts += 1
      const address = `person-${accounts}@example.test`
      const account = await deps.accounts.create({ address, passwordHash: 'not-a-hash' })
      if (!account) throw new Error('The address has an account')
      if (hasPassword) return account
      const admin = web.database.pool('admin')
      await admin.query('update web.accounts set password = null where id = $1', [account.id])
      return { ...account, hasPassword }
    },
    async signedIn({ id }, { at } = {}) {
      const person = createVisitor(web.app)
      await signInAs(web, person, { accountId: id, at })
      return person
    },
    async halfSignedIn({ id, passwordChangedAt }, at = deps.now()) {
      const person = createVisitor(web.app)
      await person.get('/sign-in/passkey')
      const halfSignIn = { accountId: id, at, purpose: 'sign-in', passwordChangedAt } as const
      await deps.sessions.patch(await sessionOf(web, person), { halfSignIn })
      return person
    },
    async addPasskey(person) {
      const passkey = createSoftPasskey(site)
      await person.get('/account/factors/passkey')
      const question = await desk.question(person, '/account/factors/passkey/options')
      await person.post('/account/factors/passkey', { answer: passkey.register(question) })
      return passkey
    },
    question: async (person, url) => (await person.post(url)).json(),
    async eventsOf({ id }) {
      const { rows } = await web.database
        .pool('admin')
        .query<{ event: string }>(
          'select event from web.account_events where account_id = $1 order by id',
          [id],
        )
      return rows.map(({ event }) => event)
    },
    async methodsOf(person) {
      return (await sessionOf(web, person)).signIn?.methods
    },
    stop: () => web.stop(),
  }
  return desk
}
