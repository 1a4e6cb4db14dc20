import { VendorError } from '@anteroom/vendor-clients'
import type { VendorName } from '../vendors.ts'
import type { GateDeps } from './gate.ts'
import { NoTurnError } from './no-turn-error.ts'
import type { Answer } from './scripts.ts'
import { waitUntil } from './wait-until.ts'

/** A job's turn at a vendor that takes only so many calls. */
export interface Turn {
  readonly vendor: VendorName
  /**
   * Before the job begins: gets it a moment, resolves shortly before it, and puts down that the job has had its turn. Or
   * says after how many milliseconds to ask again, because nobody may call now or too many are before it; then the job
   * has had no turn and need not begin.
   */
  approach(signal: AbortSignal): Promise<number | undefined>
  /**
   * Resolves in the moment in which the vendor may be called: at once, or it is gone.
   * @throws NoTurnError, or VendorError `CALL_ABORTED`
   */
  take(signal: AbortSignal): Promise<void>
  /** The vendor wants to be left alone, by everybody. */
  leaveAlone(forMs: number): Promise<void>
}

/** By Redis's time, in milliseconds. */
type Reserved = { readonly at: number } | { readonly askAgainMs: number }

/** Enough to write the beginning down and open the payload. */
const beginAheadMs = 300
/** Enough to hear from Redis once more. */
const lookAheadMs = 50
const askAgainMs = 1_000

export function createTurn(deps: GateDeps, jobId: string): Turn {
  const { vendor, scripts, slackMs, now, log, metrics } = deps
  const { time } = scripts
  let moment: number | undefined

  async function reserve(): Promise<Reserved> {
    const answer = await orUnknown(deps, scripts.reserve(now(), slackMs))
    return answer.word === 'moment' ? { at: answer.ms } : { askAgainMs: askAgainAfter(answer) }
  }

  /** Whether the call may leave. */
  async function mayLeave(at: number, signal: AbortSignal): Promise<boolean> {
    if (await waitUntil(() => time.untilMs(at) - lookAheadMs, signal)) {
      const answer = await orUnknown(deps, scripts.look(now()))
      if (answer.word !== 'open') throw new NoTurnError(askAgainAfter(answer))
    }
    if (!(await waitUntil(() => time.untilMs(at), signal))) throw new VendorError('CALL_ABORTED')
    const lateMs = time.lateMs(at)
    const inTime = lateMs <= slackMs / 2
    metrics.increment('vendor_moments_total', { vendor, outcome: inTime ? 'used' : 'missed' })
    if (!inTime) log.warn('quota.moment-missed', { vendor, jobId, delayMs: Math.round(lateMs) })
    return inTime
  }

  return {
    vendor,
    async approach(signal) {
      const reserved = await reserve()
      if ('askAgainMs' in reserved) return reserved.askAgainMs
      if (!(await waitUntil(() => time.untilMs(reserved.at) - beginAheadMs, signal))) return 0
      const answer = await orUnknown(deps, scripts.begin(jobId, now()))
      if (answer.word !== 'open') return askAgainAfter(answer)
      moment = reserved.at
      return undefined
    },
    async take(signal) {
      const since = performance.now()
      for (;;) {
        const reserved = moment === undefined ? await reserve() : { at: moment }
        moment = undefined
        if ('askAgainMs' in reserved) throw new NoTurnError(reserved.askAgainMs)
        if (await mayLeave(reserved.at, signal)) break
      }
      const seconds = (performance.now() - since) / 1000
      metrics.observe('vendor_turn_wait_seconds', { vendor }, seconds)
    },
    async leaveAlone(forMs) {
      log.warn('quota.paused', { vendor, delayMs: forMs })
      metrics.increment('vendor_pauses_total', { vendor, why: 'vendor' })
      await scripts.pause(now() + forMs).catch(() => log.warn('quota.out-of-reach', { vendor }))
    },
  }
}

/** Nobody calls a vendor of whom Redis does not say that it may be called. */
async function orUnknown({ log, vendor }: GateDeps, asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked
  } catch {
    log.warn('quota.out-of-reach', { vendor })
    return { word: 'unknown', ms: 0 }
  }
}

function askAgainAfter({ word, ms }: Answer): number {
  return word === 'paused' ? Math.min(ms, askAgainMs) : askAgainMs
}
