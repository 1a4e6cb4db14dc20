import { parseJson } from '@anteroom/runtime'
import { decodeAttestationObject } from '@simplewebauthn/server/helpers'
import { z } from 'zod'

/** What our script sends of what the browser answered, as text in a field of the form. */

const base64url = z.string().regex(/^[\w-]{1,8000}$/)

const credential = {
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  clientExtensionResults: z.strictObject({}),
}

const assertion = z.strictObject({
  ...credential,
  response: z.strictObject({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.exactOptional(),
  }),
})
/** That somebody has the key. */
export type Assertion = z.output<typeof assertion>

const registration = z.strictObject({
  ...credential,
  response: z.strictObject({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().regex(/^[a-z-]{1,20}$/)).max(10),
  }),
})
/** A new key. */
export type Registration = z.output<typeof registration>

const form = z.strictObject({ answer: z.string().max(15_000) })

export function readAssertion(body: unknown): Assertion | undefined {
  return read(assertion, body)
}

export function readRegistration(body: unknown): Registration | undefined {
  return read(registration, body)
}

function read<S extends z.ZodType>(schema: S, body: unknown): z.output<S> | undefined {
  const sent = form.safeParse(body)
  return sent.success ? schema.safeParse(parseJson(sent.data.answer)).data : undefined
}

/**
 * Whether it says who made the authenticator. We ask for no such thing, and to look into it the library would ask the
 * addresses that a certificate names.
 */
export function bringsCertificates({ response }: Registration): boolean {
  try {
    const object = new Uint8Array(Buffer.from(response.attestationObject, 'base64url'))
    const decoded = decodeAttestationObject(object)
    const isPlain = ['none', 'packed'].includes(decoded.get('fmt'))
    return !isPlain || decoded.get('attStmt').get('x5c') !== undefined
  } catch {
    return true
  }
}
