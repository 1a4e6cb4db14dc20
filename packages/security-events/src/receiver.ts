import { z } from 'zod'

/**
 * The two forms in which tokens are written. `login-gov`: `exp`, and a subject inside the event, as Login.gov sends them.
 * `ssf-1.0`: a `sub_id` and a `txn` at the top, no `exp`, as the OpenID Shared Signals Framework 1.0 wants them.
 */
export const wireProfiles = ['login-gov', 'ssf-1.0'] as const
export type WireProfile = (typeof wireProfiles)[number]

/** Where a partner's `authorization` is sealed (purpose `settings`), by the partner's id. */
export const authorizationName = 'push-authorization'

const address = z.url({ protocol: /^https$/ }).refine((text) => {
  const url = URL.parse(text)
  return url !== null && `${url.username}${url.password}` === '' && !text.includes('#')
}, 'must be https, without credentials and without #')

/** Where and how a partner wants to be told, as it stands in the partners file under `security_events`. */
export const receiverSchema = z.strictObject({
  /** Where tokens are posted to (RFC 8935, section 2). */
  url: address,
  profile: z.enum(wireProfiles).default('login-gov'),
  /** The `aud` of its tokens. By default the URL with `login-gov`, the partner's id with `ssf-1.0`. */
  audience: z.string().min(1).max(512).optional(),
  /** Whether the partner may be told e-mail addresses that it has been told before: it has agreed to keep them safe. */
  email_events: z.boolean().default(false),
  /** Tokens that it takes in 60 seconds. */
  per_minute: z.int().min(1).max(100_000).default(1_000),
  /** From connecting to the last byte of the answer. */
  timeout_ms: z.int().min(100).max(30_000).default(3_000),
  /** The value of an Authorization header, sealed with `pnpm ops secret seal`. */
  authorization: z.string().optional(),
  /** PEM files: the authorities that its certificate is verified against instead of the public ones, and our own certificate and key. */
  ca_file: z.string().optional(),
  client_certificate_file: z.string().optional(),
  client_key_file: z.string().optional(),
})

export type Receiver = Readonly<z.output<typeof receiverSchema>>
