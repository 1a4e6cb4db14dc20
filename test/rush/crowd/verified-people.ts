import { randomBytes } from 'node:crypto'
import { holderOf } from '../../../apps/idp-web/src/credential/holder.ts'
import type { WebDeps } from '../../../apps/idp-web/src/deps.ts'
import { cookieNames } from '../../../apps/idp-web/src/plugins/session-cookies.ts'
import { samplePayloads } from '../../support/payloads.ts'

/** Somebody who has passed every check, and stands before the line with their browser. */
export interface VerifiedPerson {
  /** The session's cookie, as a browser sends it. */
  readonly cookie: string
  /** What the line knows the session by. */
  readonly holder: string
}

const inFlight = 50

/** Sessions as the web itself makes and seals them; no two people share a device or a number. */
export async function inviteVerified(deps: WebDeps, count: number): Promise<VerifiedPerson[]> {
  const people: VerifiedPerson[] = []
  while (people.length < count) {
    const lengths = { length: Math.min(inFlight, count - people.length) }
    const first = people.length
    people.push(...(await Promise.all(Array.from(lengths, (_, at) => invite(deps, first + at)))))
  }
  return people
}

async function invite(
  { sessions, personData, config, now }: WebDeps,
  index: number,
): Promise<VerifiedPerson> {
  const { attemptId: _ofTheSample, ...sample } = samplePayloads.resolutionProofing
  const session = await sessions.create(randomId())
  // Numbers that begin with 900 belong to nobody, and the sandbox knows them.
  const ssn = `900${String(index).padStart(6, '0')}`
  const details = await personData.sealDetails(session, { ...sample, ssn })
  const detailsId = randomId()
  await sessions.patch(session, {
    consentedAt: now(),
    details,
    detailsId,
    passed: { check: 'address-proofing', detailsId },
  })
  return { cookie: `${cookieNames(config).session}=${session.id}`, holder: holderOf(session) }
}

const randomId = () => randomBytes(32).toString('base64url')
