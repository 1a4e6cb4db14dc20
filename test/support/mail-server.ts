import { issueCertificates } from '@anteroom/infra/local/certificates.ts'
import { type LocalProxy, startProxy } from '@anteroom/infra/local/proxy.ts'
import {
  type MailCatcher,
  mailHost,
  startMailCatcher,
} from '@anteroom/infra/sandbox/mail/mail-catcher.ts'
import { createMailClient, createOutboundAgent, type MailClient } from '@anteroom/vendor-clients'

const mailPassword = 'mail-password-for-tests'
export const mailSender = 'Anteroom <no-reply@id.example.gov>'

export interface TestMailServer {
  readonly catcher: MailCatcher
  readonly proxy: LocalProxy
  /** @param url Instead of the server's own address with its password. */
  client(url?: string, proxyUrl?: string): MailClient
  stop(): Promise<void>
}

/** The real proxy before the sandbox's mail server. @param directory For certificates. */
export async function startMailServer(directory: string): Promise<TestMailServer> {
  const certificates = await issueCertificates(directory, [mailHost])
  const catcher = await startMailCatcher({
    port: 0,
    pagePort: 0,
    certificates,
    password: mailPassword,
  })
  const here = { host: '127.0.0.1', port: catcher.port }
  const proxy = await startProxy({
    port: 0,
    credentials: { username: 'worker', password: 'p@ss:/word' },
    allow: { [`${mailHost}:465`]: here, [`${mailHost}:587`]: here },
  })
  const ownUrl = `smtps://anteroom:${mailPassword}@${mailHost}`
  return {
    catcher,
    proxy,
    client: (smtpUrl = ownUrl, proxyUrl = proxy.url) =>
      createMailClient({
        smtpUrl,
        from: mailSender,
        agent: createOutboundAgent({ proxyUrl, ca: certificates.ca }),
      }),
    async stop() {
      await proxy.stop()
      await catcher.stop()
    },
  }
}
