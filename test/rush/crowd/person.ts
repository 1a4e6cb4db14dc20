import { delayAskedFor } from '../../../apps/idp-web/src/browser/next-ask.ts'
import type { Standing } from '../../../apps/idp-web/src/line/standing.ts'
import type { PersonRecord } from '../history.ts'
import type { Answer } from './site.ts'
import { type Temper, waitBefore } from './temper.ts'
import type { VerifiedPerson } from './verified-people.ts'
import {
  ask,
  beginWay,
  count,
  listen,
  open,
  pause,
  pauseAfterFailure,
  type Surroundings,
  send,
  type Way,
} from './way.ts'

/** Goes from the page before the line to the file, as the page's script has a person go; or leaves. */
export async function goThroughLine(
  person: VerifiedPerson,
  temper: Temper,
  around: Surroundings,
): Promise<PersonRecord> {
  const way = beginWay(person, temper, around)
  const onEnd = () => way.wake?.()
  around.signal.addEventListener('abort', onEnd)
  await pause(way, temper.arrivesMs)
  if (await join(way)) await stay(way)
  count(way, false)
  way.hangUp?.()
  around.signal.removeEventListener('abort', onEnd)
  return way.record
}

/** False if the line has no room for them. */
async function join(way: Way): Promise<boolean> {
  while (!way.signal.aborted) {
    await open(way, '/credential/start')
    const joined = await send(way, '/credential/request')
    if (joined?.location === '/credential/line') {
      way.record.joinedAt ??= joined.answeredAt
      await open(way, '/credential/line')
      return true
    }
    if (way.failures >= mostFailures || (joined && isRefusal(joined))) break
    await pauseAfterFailure(way)
  }
  if (!way.signal.aborted) way.record.ending = 'refused'
  return false
}

const mostFailures = 10

/** Not trouble that may pass, nor a form whose page could not be loaded before. */
const isRefusal = ({ status }: Answer): boolean => status < 500 && status !== 403

/** Asks as often as the web says, until it is over one way or the other. */
async function stay(way: Way): Promise<void> {
  while (!way.signal.aborted) {
    if (way.leavesAt !== undefined && Date.now() >= way.leavesAt) {
      if (!(await goAway(way))) return
    }
    const standing = await askStanding(way)
    const delayMs = standing && (await hear(way, standing))
    if (delayMs === 'over') return
    if (delayMs === undefined) await pauseAfterFailure(way)
    else
      await pause(way, Math.min(delayMs, (way.leavesAt ?? Number.POSITIVE_INFINITY) - Date.now()))
  }
}

/** How long to wait before the next question. */
async function hear(way: Way, standing: Heard): Promise<number | 'over' | undefined> {
  const { record } = way
  switch (standing.state) {
    case 'waiting':
      record.signs.push(standing.sentAt, standing.answeredAt)
      noteWait(way, standing)
      count(way, true)
      listen(way, standing.listen)
      return delayAskedFor(standing.nextPollSeconds)
    case 'called':
      // Nobody goes when they are told that it is their turn.
      way.leavesAt = undefined
      count(way, false)
      listen(way, standing.listen)
      return delayAskedFor(standing.nextPollSeconds)
    case 'issued':
      count(way, false)
      return (await fetchFile(way)) ? 'over' : undefined
    case 'failed':
      if (standing.keepsPlace && (await join(way))) return 0
      record.ending = 'failed'
      return 'over'
    case 'left':
      await send(way, '/credential/line/return')
      return 0
    case 'gone':
      record.ending = 'lapsed'
      return 'over'
  }
}

type Heard = Standing & Pick<Answer, 'sentAt' | 'answeredAt'>

function noteWait(way: Way, standing: Extract<Heard, { state: 'waiting' }>): void {
  const { record, temper, plan } = way
  const { wait, ahead, answeredAt } = standing
  const isFirst = record.signs.length === 2
  if (wait) record.told ??= { at: answeredAt, wait, atOnce: isFirst }
  if (isFirst && temper.leaving) {
    way.leavesAt = answeredAt + temper.leaving.part * waitBefore(plan, ahead)
  }
}

/** False if they do not come back. */
async function goAway(way: Way): Promise<boolean> {
  const { leaving } = way.temper
  if (!leaving) return true
  const absence: PersonRecord['absences'][number] = { from: Date.now(), how: leaving.how }
  way.record.absences.push(absence)
  way.leavesAt = undefined
  count(way, false)
  listen(way, false)
  if (leaving.how === 'beacon') await send(way, '/credential/line/away')
  if (leaving.how === 'button') await send(way, '/credential/line/leave')
  if (leaving.backMs === undefined) {
    way.record.ending = 'left'
    return false
  }
  await pause(way, leaving.backMs)
  if (way.signal.aborted) return false
  absence.until = Date.now()
  await open(way, '/credential/line')
  return true
}

async function fetchFile(way: Way): Promise<boolean> {
  const { record, onFile } = way
  listen(way, false)
  await pause(way, goAfterMs)
  await open(way, '/credential')
  const file = await ask(way, '/credential/file')
  if (file?.status !== 200 || !file.body.subarray(0, 5).equals(pdfBegins)) return false
  onFile(file.body)
  record.ending = 'issued'
  await send(way, '/session/end')
  return true
}

/** As the page does, so that people read that it is there. */
const goAfterMs = 1_200
const pdfBegins = Buffer.from('%PDF-')

async function askStanding(way: Way): Promise<Heard | undefined> {
  const answer = await ask(way, '/credential/line/status?page=visible')
  if (answer) await way.onPoll(answer)
  if (answer?.status !== 200) return undefined
  way.failures = 0
  const { sentAt, answeredAt } = answer
  return { ...(JSON.parse(answer.body.toString()) as Standing), sentAt, answeredAt }
}
