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
   * Before the job begins: gets it a moment, and resolves shortly before it. Or says after how many milliseconds to ask
   * again, because nobody may call now or too many are before it; then the job has no moment and need not begin.
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

/** Enough to write the beginning down and open the payload. */
const beginAheadMs = 300
/** Enough to hear from Redis once more. */
const lookAheadMs = 50
const askAgainMs = 1_000

export function createTurn(deps: GateDeps, jobId: string): Turn {
  const { vendor, scripts, slackMs, now, log, metrics } = deps
  const { time } = scripts
  let moment: number | undefined

  async function reserve(): Promise<number | undefined> {
    const answer = await orUnknown(deps, scripts.reserve(jobId, now(), slackMs))
    if (answer.word !== 'moment') return askAgainAfter(answer)
    moment = answer.ms
    return undefined
  }

  /** Waits until a while before the moment, and asks once more whether the vendor may be called. */
  async function look(at: number, aheadMs: number, signal: AbortSignal) {
    if (!(await waitUntil(() => time.untilMs(at) - aheadMs, signal))) return 0
    const answer = await orUnknown(deps, scripts.look(now()))
    return answer.word === 'open' ? undefined : askAgainAfter(answer)
  }

  async function giveBack(): Promise<void> {
    moment = undefined
    // What is not given back passes for one that was used.
    await scripts.giveBack(jobId).catch(() => undefined)
  }

  /** Whether the call may leave. */
  async function reach(at: number, signal: AbortSignal): Promise<boolean> {
    const wait = await look(at, lookAheadMs, signal)
    if (wait !== undefined && !signal.aborted) throw new NoTurnError(wait)
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
      const wait = await reserve()
      if (moment === undefined || time.untilMs(moment) <= beginAheadMs) return wait
      const halted = await look(moment, beginAheadMs, signal)
      if (halted !== undefined) await giveBack()
      return halted
    },
    async take(signal) {
      const since = performance.now()
      for (;;) {
        const wait = moment === undefined ? await reserve() : undefined
        if (moment === undefined) throw new NoTurnError(wait ?? askAgainMs)
        const at = moment
        moment = undefined
        if (await reach(at, signal)) break
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
