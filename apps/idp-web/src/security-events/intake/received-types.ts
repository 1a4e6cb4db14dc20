/** What partners can report, by the URI of the event type, and what follows from it. */

const ofLoginGov = 'https://schemas.login.gov/secevent/risc/event-type/'
const ofRisc = 'https://schemas.openid.net/secevent/risc/event-type/'
const ofCaep = 'https://schemas.openid.net/secevent/caep/event-type/'

export type Effect =
  /** Somebody else can get in: the account has to be recovered. */
  | 'recover'
  /** Who was proofed is not who the account belongs to: that proofing counts no more. */
  | 'doubt-proofing'
  /** Whoever is signed in is not any more. */
  | 'end-sessions'

const effects: ReadonlyMap<string, Effect> = new Map([
  [`${ofLoginGov}authorization-fraud-detected`, 'recover'],
  [`${ofLoginGov}identity-fraud-detected`, 'doubt-proofing'],
  [`${ofRisc}credential-compromise`, 'recover'],
  [`${ofCaep}session-revoked`, 'end-sessions'],
])

export interface ReceivedType {
  /** The last part of the URI. */
  readonly name: string
  readonly effect: Effect
}

/** Undefined for what partners cannot report. */
export function receivedTypeOf(uri: string): ReceivedType | undefined {
  const effect = effects.get(uri)
  return effect && { name: uri.slice(uri.lastIndexOf('/') + 1), effect }
}
