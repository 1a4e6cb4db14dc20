import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { signingKeyFrom } from '@anteroom/credential'
import { stringify } from 'yaml'
import { eventsPath } from '../sandbox/partner/event-receiver.ts'
import { samplePartnerId } from '../sandbox/partner/sample-partner.ts'
import type { Ports } from './ports.ts'
import type { Secrets } from './secrets.ts'

/** The private key by which the sample partner proves itself. */
export function samplePartnerKey({ samplePartner }: Secrets) {
  const key = signingKeyFrom(Buffer.from(samplePartner, 'base64url'))
  if (!key) throw new Error('The sample partner’s secret is no key; delete it')
  return key
}

/** The partners of a local stack: the sample. Returns the file. */
export async function writePartners(
  directory: string,
  { partner, partnerEvents }: Ports,
  secrets: Secrets,
): Promise<string> {
  const { d: _private, ...publicKey } = samplePartnerKey(secrets)
  const url = `http://127.0.0.1:${partner}`
  const file = join(directory, 'partners.yaml')
  const sample = {
    id: samplePartnerId,
    name: 'Sample Library',
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [`${url}/signed-out`],
    scopes: ['openid', 'email', 'profile', 'address', 'phone', 'identity_assurance'],
    max_ial: 2,
    client_auth: 'private_key_jwt',
    jwks: { keys: [publicKey] },
    security_events: {
      url: `https://localhost:${partnerEvents}${eventsPath}`,
      email_events: true,
    },
  }
  await writeFile(file, stringify({ partners: [sample] }))
  return file
}
