import { createTransport, type SMTPTransportOptions } from 'nodemailer'
import { type OutboundAgent, wayOf } from '../agent.ts'
import { startDeadline } from '../deadline.ts'
import type { CallOptions } from '../http.ts'
import { VendorError } from '../vendor-error.ts'
import { toMailError } from './to-mail-error.ts'

export interface Letter {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/**
 * Hands a letter to the mail server, under a Message-ID made of the idempotency key: a letter that is sent again has the same
 * one, by which mailboxes that tell duplicates apart do so. The server itself knows no keys.
 *
 * @throws VendorError, and nothing else
 */
export type SendLetter = (letter: Letter, options: CallOptions) => Promise<{ readonly sent: true }>

export interface MailClient {
  readonly send: SendLetter
}

export interface MailClientOptions {
  /** `smtps:` for TLS from the start (port 465 unless it says otherwise), `smtp:` for STARTTLS (587), which is then required. */
  readonly smtpUrl: string
  /** `Name <address>` */
  readonly from: string
  readonly agent: OutboundAgent
}

/** One connection for each letter, through the proxy's tunnel and under TLS. */
export function createMailClient({ smtpUrl, from, agent }: MailClientOptions): MailClient {
  const transport = createTransport(transportOptions(smtpUrl, agent))
  const domain = /@([^@<>\s]+?)>?$/.exec(from)?.[1]
  if (domain === undefined) throw new TypeError('E-mail needs a sender with an address')

  return {
    async send(letter, { signal, idempotencyKey, timeoutMs }) {
      if (signal.aborted) throw new VendorError('CALL_ABORTED')
      const callOff = new AbortController()
      const deadline = startDeadline(timeoutMs, signal, () => callOff.abort())
      try {
        await transport.sendMail({
          ...letter,
          from,
          messageId: `<${idempotencyKey}@${domain}>`,
          // RFC 3834 §5: no machine answers a machine.
          headers: { 'auto-submitted': 'auto-generated' },
          disableFileAccess: true,
          disableUrlAccess: true,
          signal: callOff.signal,
        })
        return { sent: true }
      } catch (error) {
        // What nodemailer throws names the address and quotes the server: none of it leaves this function.
        throw deadline.passed() ?? toMailError(error)
      } finally {
        deadline.stop()
      }
    },
  }
}

function transportOptions(smtpUrl: string, agent: OutboundAgent): SMTPTransportOptions {
  const url = URL.parse(smtpUrl)
  if (!url || !['smtp:', 'smtps:'].includes(url.protocol)) {
    throw new TypeError('A mail server needs an smtp: or smtps: address')
  }
  const { proxyUrl, ca } = wayOf(agent)
  const secure = url.protocol === 'smtps:'
  return {
    host: url.hostname,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: true,
    // Without it the name of this machine would be told.
    name: 'localhost',
    proxy: proxyUrl,
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
    ...(url.username !== '' && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
  }
}
