import { hash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { type ListeningServer, listen } from '../../local/http-server.ts'
import { createReaction, type MailReaction } from './mail-scenarios.ts'
import { createMailbox, type Mailbox } from './mailbox.ts'
import { mailboxPages } from './mailbox-pages.ts'

/** The name under which the worker reaches it, through the proxy. */
export const mailHost = 'mail.vendors.test'

export interface MailCatcherOptions {
  /** Of SMTP under TLS; 0 takes a free one. */
  readonly port: number
  /** Of the page; 0 takes a free one. */
  readonly pagePort: number
  readonly certificates: { readonly cert: string; readonly key: string }
  readonly password: string
}

export interface MailCatcher {
  readonly port: number
  /** Where a browser shows what has come; `mails.json` there is for programs. */
  readonly pageUrl: string
  readonly mailbox: Mailbox
  stop(): Promise<void>
}

/** A mail server that delivers nothing: it keeps what it gets and shows it. For development and tests alone. */
export async function startMailCatcher(options: MailCatcherOptions): Promise<MailCatcher> {
  const mailbox = createMailbox()
  const server = new SMTPServer(serverOptions(options, mailbox, createReaction()))
  // A worker that goes away in the middle of a letter is no reason to stop.
  server.on('error', () => undefined)
  const listening = server.listen(options.port, '127.0.0.1')
  await once(listening, 'listening')
  const page: ListeningServer = await listen(createServer(mailboxPages(mailbox)), options.pagePort)

  return {
    port: portOf(listening.address()),
    pageUrl: page.url,
    mailbox,
    async stop() {
      await page.stop()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function serverOptions(
  { certificates: { cert, key }, password }: MailCatcherOptions,
  mailbox: Mailbox,
  react: MailReaction,
): SMTPServerOptions {
  return {
    secure: true,
    cert,
    key,
    minVersion: 'TLSv1.2',
    size: 1_000_000,
    closeTimeout: 500,
    disableReverseLookup: true,
    onAuth: ({ username, password: given }, _session, done) =>
      username === 'anteroom' && isSame(given ?? '', password)
        ? done(null, { user: username })
        : done(reply(535, 'Authentication failed')),
    onRcptTo: ({ address }, _session, done) => {
      const refusal = react(address)
      done(refusal ? reply(refusal.code, refusal.words) : null)
    },
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = envelope.rcptTo.map(({ address }) => address)
        mailbox.take(Buffer.concat(chunks), to).then(() => done(null), done)
      })
    },
  }
}

function reply(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode })
}

function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted))
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer')

function portOf(address: ReturnType<ReturnType<SMTPServer['listen']>['address']>): number {
  if (typeof address !== 'object' || !address) throw new Error('The mail server has no port')
  return address.port
}
