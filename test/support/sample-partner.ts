import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signingKeyFrom } from '@anteroom/credential'
import { issueCertificates } from '@anteroom/infra/local/certificates.ts'
import { freePort } from '@anteroom/infra/local/ports.ts'
import {
  type SamplePartner,
  samplePartnerId,
  startSamplePartner,
} from '@anteroom/infra/sandbox/partner/sample-partner.ts'
import { type OpenidWeb, startOpenidWeb } from './openid-web.ts'

/** The web and the sample partner that it knows, in this process. */
export interface PartnerSite {
  readonly op: OpenidWeb
  readonly partner: SamplePartner
  /** PEM of the authority of its certificate. */
  readonly ca: string
  stop(): Promise<void>
}

/** @param settings Of the web. */
export async function startPartnerSite(
  settings: Record<string, string> = {},
): Promise<PartnerSite> {
  const port = await freePort()
  const key = signingKeyFrom(Buffer.alloc(32, 7))
  if (!key) throw new Error('That is no key')
  const { d: _private, ...publicKey } = key
  const sample = {
    id: samplePartnerId,
    name: 'Sample Library',
    redirect_uris: [`http://127.0.0.1:${port}/callback`],
    post_logout_redirect_uris: [`http://127.0.0.1:${port}/signed-out`],
    scopes: ['openid', 'email', 'profile', 'address', 'phone', 'identity_assurance'],
    max_ial: 2,
    client_auth: 'private_key_jwt',
    jwks: { keys: [publicKey] },
  }
  const op = await startOpenidWeb(settings, { partners: [sample] })
  const folder = await mkdtemp(join(tmpdir(), 'anteroom-sample-partner-'))
  const certificates = await issueCertificates(join(folder, 'certificates'), ['localhost'])
  const partner = await startSamplePartner({
    port,
    eventsPort: 0,
    certificates,
    issuer: op.issuer,
    key,
  })
  return {
    op,
    partner,
    ca: certificates.ca,
    async stop() {
      await partner.stop()
      await op.stop()
      await rm(folder, { recursive: true })
    },
  }
}
