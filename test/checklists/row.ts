/** A test by its file and title. */
export type Proof = readonly [file: string, title: string]

export type Row = {
  readonly id: string
  readonly section: string
  readonly asks: string
} & (
  | { readonly proofs: readonly Proof[] }
  /** Why there is nothing to test. */
  | { readonly because: string }
)

export const tokens = (title: string): Proof => ['test/integration/security-events.test.ts', title]
export const outbox = (title: string): Proof => [
  'test/integration/security-events-outbox.test.ts',
  title,
]
export const way = (title: string): Proof => ['test/integration/push-way.test.ts', title]
export const answers = (title: string): Proof => ['test/integration/push-answers.test.ts', title]
export const delivery = (title: string): Proof => ['test/integration/push-delivery.test.ts', title]

export const asIdToken = tokens(
  'names the person as the ID token does, and is signed with a key that we publish',
)
export const schemas = tokens('of %s is what the published JSON Schemas say')
export const refused = tokens('would be refused by the schemas $name')
export const allowed = tokens('holds the claims that are allowed, and no other, at any depth')
export const credentials = tokens(
  'says which credential changed to whom the Shared Signals profile is sent',
)
export const oneTxn = tokens('of one change has one txn and a jti for each token')
export const addresses = tokens('$partner, which was told $told, hears of that address: $isTold')
export const profiles = tokens('is told only in the profile that something is for')
export const links = tokens('a partner with the link "$link": $isTold')
export const oneIssuer = outbox('says one issuer everywhere, byte for byte')
export const metadata = outbox('of the Shared Signals Framework is JSON, without what is empty')
export const inOrder = outbox(
  'events are held without a token, and told in their order once it is on',
)
export const neverTold = outbox('what is held for who is not connected any more is never told')
export const posted = answers('a token is posted as RFC 8935 has it, and with nothing beside')
export const certificates = way('a certificate %s is not accepted, and nothing is sent')
export const oldTls = way('a partner that speaks nothing newer than TLS 1.1 is not spoken to')
export const failing = delivery(
  'a partner that fails %i times gets the same bytes each time, six times at most',
)
export const statuses = answers('%i saying %.40s is %s')
export const addressRules: Proof = [
  'packages/security-events/src/receiver.test.ts',
  'a receiver at %s is refused',
]

export const noManagement =
  'There is no stream management API: a partner has one stream, which its entry in the partners file sets up.'
export const noStream =
  'There are no streams with an id of their own, so there is nothing that this event could be about.'
export const noPoll = 'There is no delivery by poll (RFC 8936): events are pushed.'
export const noInterop = 'The CAEP Interoperability Profile, a draft, is not claimed.'
export const notUsed = (what: string) =>
  `${what} is used in no event of ours, and the schemas allow none.`
