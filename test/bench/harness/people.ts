import { randomBytes } from 'node:crypto'
import { readOutcome } from '@anteroom/job-channel'
import { newTraceparent } from '@anteroom/runtime'
import type { WebDeps } from '../../../apps/idp-web/src/deps.ts'
import { submitCheck } from '../../../apps/idp-web/src/proofing/submit-check.ts'
import type { Session } from '../../../apps/idp-web/src/session/session.ts'
import { samplePayloads } from '../../support/payloads.ts'
import type { createStageClock } from './stage-clock.ts'

type StageClock = ReturnType<typeof createStageClock>

/** People who have filled in the form and are about to submit it; no two share a limit. */
export interface People {
  invite(count: number): Promise<Session[]>
  /** Submits, and waits as the waiting page does until the answer is there to be fetched. */
  answer(session: Session | undefined, clock?: StageClock): Promise<void>
}

export function createPeople(deps: WebDeps): People {
  return {
    async invite(count) {
      const sessions: Session[] = []
      // A few at a time: with KMS each of them is a call.
      while (sessions.length < count) {
        const few = Math.min(20, count - sessions.length)
        sessions.push(...(await Promise.all(Array.from({ length: few }, () => invite(deps)))))
      }
      return sessions
    },
    async answer(session, clock) {
      if (!session) throw new Error('nobody was invited')
      const used = clock ? timed(deps, clock) : deps
      const traceparent = newTraceparent()
      await submitCheck(used, session, { check: 'resolution-proofing', traceparent })
      const attempt = await deps.sessions.loadAttempt(session.id)
      if (!attempt) throw new Error('the submission was refused')
      await untilAnswered(deps, attempt.jobId)
      clock?.mark(attempt.jobId, 'answer seen')
    },
  }
}

async function invite({ sessions, personData }: WebDeps): Promise<Session> {
  const { attemptId: _ofTheSample, ...sample } = samplePayloads.resolutionProofing
  const session = await sessions.create(randomBytes(32).toString('base64url'))
  const details = await personData.sealDetails(session, { ...sample, ssn: sandboxSsn() })
  const detailsId = randomBytes(32).toString('base64url')
  await sessions.patch(session, { details, detailsId })
  return { ...session, details, detailsId }
}

/** Numbers that begin with 900 belong to nobody, and the sandbox vendors know them. */
function sandboxSsn(): string {
  return `900${String(randomBytes(4).readUInt32BE() % 1_000_000).padStart(6, '0')}`
}

/** Listening begins before looking, so that no answer slips between the two. */
async function untilAnswered({ outcomes, redis }: WebDeps, jobId: string): Promise<void> {
  const woken = Promise.withResolvers<void>()
  const unlisten = outcomes.on(jobId, woken.resolve)
  try {
    if (await readOutcome(redis, jobId)) return
    await woken.promise
    if (!(await readOutcome(redis, jobId))) throw new Error('told of an answer that is not there')
  } finally {
    unlisten()
  }
}

function timed(deps: WebDeps, clock: StageClock): WebDeps {
  return {
    ...deps,
    sealPayload: async (slot, text) => {
      clock.mark(slot.id, 'open details, claim ids')
      const message = await deps.sealPayload(slot, text)
      clock.mark(slot.id, 'seal payload')
      return message
    },
    attempts: {
      ...deps.attempts,
      submit: async (rider) => {
        const submitted = await deps.attempts.submit(rider)
        clock.mark(rider.wire.id, 'enqueue')
        return submitted
      },
    },
  }
}
