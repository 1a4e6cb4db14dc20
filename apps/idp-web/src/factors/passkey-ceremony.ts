import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { Account } from '../account/accounts.ts'
import type { WebConfig } from '../config.ts'
import type { WebDeps } from '../deps.ts'
import type { Ceremony, Session } from '../session/session.ts'
import { type Assertion, bringsCertificates, type Registration } from './passkey-answers.ts'
import type { NewPasskey, Passkey } from './passkeys.ts'

/*
 * Asking an authenticator, and what it says (WebAuthn Level 3, §7). Every passkey is one that the browser finds by itself,
 * and every time the authenticator has to know its owner, by a PIN or a finger: so it is two things in one.
 */

/** Browsers make passkeys for names of hosts alone. */
export function canUsePasskeys({ publicUrl }: Pick<WebConfig, 'publicUrl'>): boolean {
  return !addressOfHost.test(new URL(publicUrl).hostname)
}

/** What a URL makes of an address: IPv4 ends in a number, IPv6 stands in brackets. */
const addressOfHost = /(^|\.)\d+$|^\[/

const ceremonyMs = 5 * 60_000

/** Newest curves first: EdDSA, ES256, RS256 (COSE). */
const algorithms = [-8, -7, -257]

export async function beginRegistration(
  deps: WebDeps,
  session: Session,
  account: Account,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const [known, address] = await Promise.all([
    deps.factors.passkeys.of(account.id),
    deps.accounts.openAddress(account),
  ])
  const options = await generateRegistrationOptions({
    rpName: new URL(deps.config.publicUrl).hostname,
    rpID: relyingParty(deps).id,
    userName: address,
    userDisplayName: address,
    userID: userHandle(account.id),
    timeout: ceremonyMs,
    attestationType: 'none',
    excludeCredentials: known.map(descriptorOf),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: algorithms,
  })
  await remember(deps, session, { kind: 'registration', challenge: options.challenge })
  return options
}

/** Undefined if it is not an answer to what this session asked last, or not one of ours. */
export async function finishRegistration(
  deps: WebDeps,
  session: Session,
  registration: Registration,
): Promise<Omit<NewPasskey, 'name'> | undefined> {
  const challenge = await takeChallenge(deps, session, 'registration')
  if (challenge === undefined || bringsCertificates(registration)) return undefined
  const { id, origin } = relyingParty(deps)
  const { registrationInfo: info } = await refusedIfWrong(() =>
    verifyRegistrationResponse({
      response: registration,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    }),
  )
  if (!info) return undefined
  return {
    credentialId: info.credential.id,
    publicKey: Buffer.from(info.credential.publicKey).toString('base64url'),
    signCount: info.credential.counter,
    transports: registration.response.transports,
  }
}

/** @param passkeys The only ones that may answer; without them any that the browser has. */
export async function beginAuthentication(
  deps: WebDeps,
  session: Session,
  passkeys: readonly Passkey[] = [],
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const options = await generateAuthenticationOptions({
    rpID: relyingParty(deps).id,
    timeout: ceremonyMs,
    userVerification: 'required',
    allowCredentials: passkeys.map(descriptorOf),
  })
  await remember(deps, session, { kind: 'authentication', challenge: options.challenge })
  return options
}

export type PasskeyRefusal =
  /** Nothing was asked, too long ago, or it was answered already. */
  | 'PASSKEY_NOT_ASKED'
  | 'PASSKEY_UNKNOWN'
  | 'PASSKEY_WRONG'
  /** It has counted fewer signatures than we have seen: there may be two of it. */
  | 'PASSKEY_COUNT_WENT_BACK'

/** The passkey that has answered what this session asked last, or why it counts for nothing. */
export async function finishAuthentication(
  deps: WebDeps,
  session: Session,
  assertion: Assertion,
): Promise<Passkey | PasskeyRefusal> {
  const challenge = await takeChallenge(deps, session, 'authentication')
  if (challenge === undefined) return 'PASSKEY_NOT_ASKED'
  const passkey = await deps.factors.passkeys.find(assertion.id)
  if (!passkey || !isOwners(passkey, assertion)) return 'PASSKEY_UNKNOWN'
  const { id, origin } = relyingParty(deps)
  const { verified, authenticationInfo: info } = await refusedIfWrong(() =>
    verifyAuthenticationResponse({
      response: assertion,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      credential: {
        id: passkey.credentialId,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        // The count is looked at where it is written, so that two answers at once do not both pass.
        counter: 0,
      },
    }),
  )
  if (!verified || !info) return 'PASSKEY_WRONG'
  const isNew = await deps.factors.passkeys.use(passkey.id, info.newCounter)
  return isNew ? passkey : 'PASSKEY_COUNT_WENT_BACK'
}

interface RelyingParty {
  readonly id: string
  readonly origin: string
}

function relyingParty({ config }: Pick<WebDeps, 'config'>): RelyingParty {
  const { hostname, origin } = new URL(config.publicUrl)
  return { id: hostname, origin }
}

/** What the authenticator keeps of whose it is: random, as the account's id. */
function userHandle(accountId: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(accountId, 'base64url'))
}

function isOwners({ accountId }: Passkey, { response }: Assertion): boolean {
  return response.userHandle === undefined || response.userHandle === accountId
}

function descriptorOf({ credentialId, transports }: Passkey) {
  return { id: credentialId, transports: [...transports] }
}

async function remember(
  { sessions, now }: WebDeps,
  session: Session,
  asked: Pick<Ceremony, 'kind' | 'challenge'>,
): Promise<void> {
  await sessions.patch(session, { ceremony: { ...asked, at: now() } })
}

async function takeChallenge(
  { sessions, now }: WebDeps,
  session: Session,
  kind: Ceremony['kind'],
): Promise<string | undefined> {
  const asked = await sessions.takeCeremony(session)
  if (asked?.kind !== kind || now() > asked.at + ceremonyMs) return undefined
  return asked.challenge
}

interface Refused {
  readonly verified: false
  readonly registrationInfo?: never
  readonly authenticationInfo?: never
}

/** The library throws at whatever does not fit, and quotes it: nothing of that goes on. */
async function refusedIfWrong<T>(verify: () => Promise<T>): Promise<T | Refused> {
  try {
    return await verify()
  } catch {
    return { verified: false }
  }
}
