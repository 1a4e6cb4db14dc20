/*
 * What the server asks of an authenticator and what it answers, as JSON. Browsers that do this by themselves
 * (`parseCreationOptionsFromJSON`, `toJSON`) are too new to count on.
 */

interface Descriptor {
  readonly id: string
  readonly type: 'public-key'
  readonly transports?: AuthenticatorTransport[]
}

export interface CreationQuestion {
  readonly challenge: string
  readonly rp: PublicKeyCredentialRpEntity
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string }
  readonly pubKeyCredParams: PublicKeyCredentialParameters[]
  readonly timeout: number
  readonly excludeCredentials: readonly Descriptor[]
  readonly authenticatorSelection: AuthenticatorSelectionCriteria
}

export interface RequestQuestion {
  readonly challenge: string
  readonly rpId: string
  readonly timeout: number
  readonly userVerification: UserVerificationRequirement
  readonly allowCredentials: readonly Descriptor[]
}

export function toCreationOptions(asked: CreationQuestion): PublicKeyCredentialCreationOptions {
  const { rp, user, pubKeyCredParams, timeout, authenticatorSelection } = asked
  return {
    rp,
    user: { ...user, id: toBytes(user.id) },
    pubKeyCredParams,
    timeout,
    authenticatorSelection,
    challenge: toBytes(asked.challenge),
    excludeCredentials: asked.excludeCredentials.map(toDescriptor),
  }
}

export function toRequestOptions(asked: RequestQuestion): PublicKeyCredentialRequestOptions {
  const { rpId, timeout, userVerification } = asked
  return {
    rpId,
    timeout,
    userVerification,
    challenge: toBytes(asked.challenge),
    allowCredentials: asked.allowCredentials.map(toDescriptor),
  }
}

/** What the server checks, and nothing else of what browsers add. */
export function toAnswer(credential: PublicKeyCredential): object {
  const { id, type, rawId, response } = credential
  return { id, type, rawId: toText(rawId), clientExtensionResults: {}, response: partsOf(response) }
}

function partsOf(response: AuthenticatorResponse): object {
  const clientDataJSON = toText(response.clientDataJSON)
  if (response instanceof AuthenticatorAttestationResponse) {
    const transports = response.getTransports?.() ?? []
    return { clientDataJSON, attestationObject: toText(response.attestationObject), transports }
  }
  if (!(response instanceof AuthenticatorAssertionResponse)) return { clientDataJSON }
  const { authenticatorData, signature, userHandle } = response
  return {
    clientDataJSON,
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    ...(userHandle && userHandle.byteLength > 0 && { userHandle: toText(userHandle) }),
  }
}

function toDescriptor({ id, ...rest }: Descriptor): PublicKeyCredentialDescriptor {
  return { ...rest, id: toBytes(id) }
}

/** From base64url. */
function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

/** To base64url. */
function toText(bytes: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
