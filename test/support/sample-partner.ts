import { signingKeyFrom } from '@anteroom/credential'
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
  stop(): Promise<void>
}

export async function startPartnerSite(): Promise<PartnerSite> {
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
  const op = await startOpenidWeb({}, { partners: [sample] })
  const partner = await startSamplePartner({ port, issuer: op.issuer, key })
  return {
    op,
    partner,
    async stop() {
      await partner.stop()
      await op.stop()
    },
  }
}
