import type { WireProfile } from '@anteroom/security-events'

/**
 * What can be wrong with a token. For each: the code that Login.gov's partners know, from an early draft of RFC 8935; the
 * code of RFC 8935, section 2.4; and words for whoever reads the partner's log. Nothing in them comes from the token.
 */
const problems = {
  malformed: ['jwtParse', 'invalid_request', 'The body must be one JWT in JWS compact form.'],
  'wrong-typ': ['jwtHdr', 'invalid_request', 'The header typ must be secevent+jwt.'],
  'wrong-algorithm': ['jwtCrypto', 'invalid_key', 'The algorithm must be RS256, PS256 or ES256.'],
  'unknown-issuer': ['setData', 'invalid_issuer', 'The claim iss names no partner.'],
  'wrong-signature': ['jws', 'invalid_key', 'No registered key of the issuer verifies this.'],
  'wrong-audience': [
    'jwtAud',
    'invalid_audience',
    'The claim aud must be the URL of this endpoint.',
  ],
  'sub-present': ['setData', 'invalid_request', 'There must be no claim sub.'],
  'exp-present': ['setData', 'invalid_request', 'There must be no claim exp.'],
  'wrong-jti': [
    'setData',
    'invalid_request',
    'The claim jti must be a text of 1 to 255 characters.',
  ],
  'wrong-iat': ['setData', 'invalid_request', 'The claim iat must be within the last seven days.'],
  'not-one-event': ['setData', 'invalid_request', 'The claim events must hold one event.'],
  'unknown-event': ['setType', 'invalid_request', 'This event type is not taken.'],
  'wrong-subject': ['setData', 'invalid_request', 'The subject must be an issuer and a subject.'],
  'unknown-subject': ['setData', 'invalid_request', 'The subject is nobody this partner knows.'],
  'wrong-time': ['setData', 'invalid_request', 'When it happened must be a moment in the past.'],
  'other-event-of-jti': ['setData', 'invalid_request', 'The jti is that of another event.'],
  // Only told to partners of the first kind: RFC 8935, section 2, wants a repetition answered as the first time.
  repeated: ['dup', 'invalid_request', 'This event was taken before.'],
} as const satisfies Record<string, readonly [string, string, string]>

export type Problem = keyof typeof problems

/** A token that is not acted on. The code is for the log, the answer for the partner. */
export class RefusedToken extends Error {
  override readonly name = 'RefusedToken'
  readonly code: Problem
  readonly answer: { readonly err: string; readonly description: string }

  /** @param profile The partner's; of whoever is not known to be one, `login-gov`. */
  constructor(problem: Problem, profile: WireProfile = 'login-gov') {
    super(problem)
    const [legacy, registered, description] = problems[problem]
    this.code = problem
    this.answer = { err: profile === 'ssf-1.0' ? registered : legacy, description }
  }
}
