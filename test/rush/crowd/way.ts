import { delayAfterFailures } from '../../../apps/idp-web/src/browser/next-ask.ts'
import type { Random } from '../../faults/harness/random.ts'
import { tokenOf } from '../../support/person.ts'
import type { PersonRecord } from '../history.ts'
import type { CrowdPlan } from './plan.ts'
import type { Answer, Site } from './site.ts'
import type { Temper } from './temper.ts'
import type { VerifiedPerson } from './verified-people.ts'

/** What all of the crowd share. */
export interface Surroundings {
  readonly plan: CrowdPlan
  readonly site: Site
  readonly random: Random
  /** Over for everybody, wherever they are. */
  readonly signal: AbortSignal
  /** After each poll of the line. */
  readonly onPoll: (answer: Answer) => Promise<void>
  /** By how many more people wait and are there. */
  readonly onPresent: (change: 1 | -1) => void
  readonly onFile: (pdf: Buffer) => void
}

/** One person on their way through the line, with their browser. */
export interface Way extends Surroundings {
  readonly record: PersonRecord
  readonly temper: Temper
  cookie: string
  token: string
  isCounted: boolean
  leavesAt: number | undefined
  failures: number
  hangUp: (() => void) | undefined
  /** Ends the pause between two questions. */
  wake: (() => void) | undefined
}

export function beginWay(
  { holder, cookie }: VerifiedPerson,
  temper: Temper,
  around: Surroundings,
): Way {
  return {
    ...around,
    record: { holder, signs: [], absences: [], ending: 'inside', troubles: 0 },
    temper,
    cookie,
    token: '',
    isCounted: false,
    leavesAt: undefined,
    failures: 0,
    hangUp: undefined,
    wake: undefined,
  }
}

/** A stream tells once and ends; as long as it is worth having, the next answer opens another. */
export function listen(way: Way, wanted: boolean): void {
  if (!wanted) {
    way.hangUp?.()
    way.hangUp = undefined
  }
  if (!wanted || way.hangUp) return
  const hangUp = way.site.listen('/credential/line/events', way.cookie, {
    answer() {
      listen(way, false)
      way.wake?.()
    },
    end() {
      if (way.hangUp === hangUp) way.hangUp = undefined
    },
  })
  way.hangUp = hangUp
}

/** Keeps the token of the page's forms. */
export async function open(way: Way, path: string): Promise<void> {
  const answer = await ask(way, path)
  way.token = (answer && tokenOf(answer.body.toString())) || way.token
}

export async function send(way: Way, path: string): Promise<Answer | undefined> {
  const answer = await ask(way, path, { csrf: way.token })
  for (const cookie of answer?.cookies ?? []) way.cookie = withCookie(way.cookie, cookie)
  return answer
}

export async function ask(
  way: Way,
  path: string,
  form?: Readonly<Record<string, string>>,
): Promise<Answer | undefined> {
  const message = { cookie: way.cookie, ...(form && { form }) }
  const answer = await way.site.ask(path, message).catch(() => undefined)
  if (!answer || answer.status >= 400) way.record.troubles += 1
  return answer
}

function withCookie(cookies: string, added: string): string {
  const [name = ''] = added.split('=', 1)
  const others = cookies.split('; ').filter((cookie) => !cookie.startsWith(`${name}=`))
  return [...others, added].join('; ')
}

export function count(way: Way, isThere: boolean): void {
  if (way.isCounted === isThere) return
  way.isCounted = isThere
  way.onPresent(isThere ? 1 : -1)
}

export function pauseAfterFailure(way: Way): Promise<void> {
  way.failures += 1
  return pause(way, delayAfterFailures(way.failures, way.random.next))
}

export function pause(way: Way, ms: number): Promise<void> {
  if (way.signal.aborted || ms <= 0) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      way.wake = undefined
      resolve()
    }
    const timer = setTimeout(end, ms)
    way.wake = end
  })
}
