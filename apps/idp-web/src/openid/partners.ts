import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { receiverSchema } from '@anteroom/security-events'
import { z } from 'zod'
import { attributesOfScopes, needsProofing, scopes } from './attributes.ts'

/** What a partner may be, as it stands in the partners file. */

const loopback = ['127.0.0.1', 'localhost', '[::1]']

/** An address of the partner that browsers are sent to. */
const address = z.url().refine(isSafe, 'must be https (http only on this machine), without #')

function isSafe(text: string): boolean {
  const url = URL.parse(text)
  if (!url) return false
  const { protocol, hostname, username, password, hash } = url
  const isPrivate = protocol === 'https:' || (protocol === 'http:' && loopback.includes(hostname))
  return isPrivate && `${username}${password}${hash}` === '' && !text.includes('#')
}

const publicKey = z
  .looseObject({ kty: z.enum(['EC', 'RSA']), kid: z.string().min(1).optional() })
  .refine((key) => !('d' in key), 'must be a public key')
  .refine(isKey, 'must be a key on the curve P-256, or of RSA with 2048 bits or more')

function isKey(jwk: JsonWebKey): boolean {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPublicKey({
      key: jwk,
      format: 'jwk',
    })
    if (type === 'rsa') return (details?.modulusLength ?? 0) >= 2048
    return type === 'ec' && details?.namedCurve === 'prime256v1'
  } catch {
    return false
  }
}

/** SHA-256 of 256 random bits, base64url. */
const secretHash = z
  .string()
  .regex(/^[\w-]{43}$/, 'must be the hash that `pnpm ops partner new` prints')

const keySet = z.object({ keys: z.array(publicKey).min(1).max(10) })

const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,62}$/, 'must be small letters, digits and hyphens'),
  name: z.string().trim().min(1).max(80),
  redirect_uris: z
    .array(address)
    .min(1)
    .refine(
      (uris) => new Set(uris.map((uri) => URL.parse(uri)?.host)).size === 1,
      'must all be of one host',
    ),
  post_logout_redirect_uris: z.array(address).default([]),
  /** Partners of one sector know a person by the same subject. By default the host of the redirect URIs. */
  sector: z.string().min(1).max(255).optional(),
  scopes: z
    .array(z.enum(scopes))
    .default(['openid'])
    .refine((all) => all.includes('openid'), 'must hold openid'),
  max_ial: z.union([z.literal(1), z.literal(2)]).default(1),
  par: z.enum(['required', 'optional']).default('required'),
  id_token_alg: z.enum(['ES256', 'RS256']).default('ES256'),
  /** Absent for who is told of no security events. */
  security_events: receiverSchema.optional(),
  /** What it signs with that it reports to us; by default `jwks`. Without either it can report nothing. */
  security_events_keys: keySet.optional(),
}

const clients = z.discriminatedUnion('client_auth', [
  z.strictObject({
    ...common,
    client_auth: z.literal('private_key_jwt'),
    jwks: keySet,
  }),
  z.strictObject({
    ...common,
    client_auth: z.literal('client_secret_basic'),
    /** Two while one takes the other's place. */
    secret_hashes: z.array(secretHash).min(1).max(2),
  }),
])

const partnerSchema = clients.refine(
  (partner) => partner.max_ial === 2 || !attributesOfScopes(partner.scopes).some(needsProofing),
  { path: ['max_ial'], error: 'must be 2, for scopes that ask for what only proofed people have' },
)

export type Partner = Readonly<z.output<typeof partnerSchema>>

export const partnersSchema = z
  .strictObject({ partners: z.array(partnerSchema) })
  .refine(
    ({ partners }) => new Set(partners.map(({ id }) => id)).size === partners.length,
    'two partners have one id',
  )

/** The host by which a partner's subjects are made. */
export function sectorOf({ sector, redirect_uris }: Partner): string {
  return sector ?? new URL(redirect_uris[0] ?? '').host
}
