import { signingKey } from '@anteroom/credential'
import { parseJson } from '@anteroom/runtime'
import { z } from 'zod'

/** JSON text in the environment, a list in the settings file. */
const keys = z
  .union([z.string().transform(parseJson), z.array(z.unknown())])
  .pipe(z.array(signingKey).min(1))
  .meta({ shownAs: 'list of private P-256 keys as JWK, newest first' })

/** An origin, and over HTTPS unless it is this machine. */
function isIssuer(text: string): boolean {
  const url = URL.parse(text)
  if (url?.origin !== text) return false
  return (
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(url.hostname))
  )
}

/** The worker's settings about credentials. */
export const credentialSettings = {
  credentialSigningKeys: keys
    .optional()
    .meta({ secret: true })
    .describe(
      'Keys of credentials, as a JWKS has them in `keys`. The first signs; more may be listed while a key is replaced. Without any, every credential job fails.',
    ),
  credentialIssuer: z
    .string()
    .refine(isIssuer)
    .optional()
    .describe(
      'Origin under which the web is reached, such as https://id.example.gov: what credentials name as their issuer and where their code leads. Required with credential_signing_keys.',
    ),
  credentialIssuerName: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .optional()
    .describe('Name of the issuer as it is printed; required with credential_signing_keys.'),
} as const

export type CredentialSettings = Readonly<z.output<z.ZodObject<typeof credentialSettings>>>
