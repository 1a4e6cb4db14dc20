import type { Standing } from '../line/standing.ts'
import { type Chime, createChime } from './chime.ts'
import {
  isTheirTurn,
  say,
  setPlaceInTitle,
  showCalled,
  showIssued,
  showWaiting,
  takeOver,
} from './line-view.ts'
import { delayAfterFailures, delayAskedFor } from './next-ask.ts'

/*
 * The line's page: asks where the person stands, as often as the server wants, and thereby keeps their place. Near the
 * front an event stream wakes it, however seldom the browser lets a hidden page ask. It never loads itself again while
 * the person stands in line.
 */

const goAfterMs = 1_200
const answerTimeoutMs = 10_000
/** A page that closes is hidden first: it is gone before this is over, and does not ask any more. */
const lookAwayMs = 300

/** Other tabs of the visit hear that it goes on. */
const tabs = new BroadcastChannel('anteroom-session')
let failures = 0
let isAsking = false
let isLeaving = false
let timer: number | undefined
let stream: EventSource | undefined
let chime: Chime | undefined
let hasChimed = false

takeOver()
watchNotify()
document.addEventListener('visibilitychange', () => window.setTimeout(ask, lookAwayMs))
window.addEventListener('online', ask)
window.addEventListener('pagehide', away)
document.addEventListener('submit', () => {
  isLeaving = true
})
// Coming back with the browser's back button: the page is as it was, the place may not be.
window.addEventListener('pageshow', (event) => event.persisted && location.reload())
ask()

/** One question at a time; each ends by setting the time of the next. */
function ask(): void {
  if (isAsking || isLeaving) return
  isAsking = true
  window.clearTimeout(timer)
  askStanding()
    .then(askAgainIn, () => askAgainIn(unreachable()))
    .finally(() => {
      isAsking = false
    })
}

function askAgainIn(delayMs: number | undefined): void {
  if (delayMs !== undefined && !isLeaving) timer = window.setTimeout(ask, delayMs)
}

/** How long to wait before the next question, in milliseconds; nothing once the person goes elsewhere. */
async function askStanding(): Promise<number | undefined> {
  const limit = new AbortController()
  const limitTimer = window.setTimeout(() => limit.abort(), answerTimeoutMs)
  const response = await fetch(`/credential/line/status?page=${document.visibilityState}`, {
    headers: { accept: 'application/json' },
    signal: limit.signal,
  }).finally(() => window.clearTimeout(limitTimer))
  // The visit was lost or has ended: the page knows what follows from that.
  if (response.status === 404) return goTo('/credential/line')
  if (!response.ok) return unreachable()
  const standing: Standing = await response.json()
  if (failures > 1) say('reachable')
  failures = 0
  tabs.postMessage('used')
  return show(standing)
}

function show(standing: Standing): number | undefined {
  switch (standing.state) {
    case 'waiting':
      showWaiting(standing)
      break
    case 'called':
      showCalled()
      break
    case 'issued':
      showIssued()
      ring()
      window.setTimeout(() => goTo('/credential'), goAfterMs)
      return undefined
    case 'failed':
    case 'left':
    case 'gone':
      return goTo('/credential/line')
  }
  if (isTheirTurn()) ring()
  listen(standing.listen)
  return delayAskedFor(standing.nextPollSeconds)
}

function unreachable(): number {
  failures += 1
  // One lost question is nothing to worry anyone with.
  if (failures > 1) say('unreachable')
  return delayAfterFailures(failures, Math.random)
}

/** A stream tells once and ends; as long as it is worth having, the next answer opens another. */
function listen(wanted: boolean): void {
  if (!wanted) hangUp()
  if (!wanted || (stream && stream.readyState !== EventSource.CLOSED)) return
  stream = new EventSource('/credential/line/events')
  stream.addEventListener('answer', () => {
    hangUp()
    ask()
  })
}

function hangUp(): void {
  stream?.close()
  stream = undefined
}

/** The place is not lost by closing the page, but the line need not wait as long for who is gone. */
function away(): void {
  hangUp()
  if (isLeaving) return
  const csrf = document.querySelector<HTMLInputElement>('#line-leave input[name="csrf"]')?.value
  navigator.sendBeacon('/credential/line/away', new URLSearchParams({ csrf: csrf ?? '' }))
}

function goTo(path: string): undefined {
  isLeaving = true
  location.assign(path)
}

function watchNotify(): void {
  const box = document.querySelector<HTMLInputElement>('#line-notify')
  box?.addEventListener('change', () => {
    setPlaceInTitle(box.checked)
    hasChimed = isTheirTurn()
    chime?.close()
    chime = box.checked ? createChime() : undefined
    // Once now, so that the person knows what to listen for.
    chime?.play()
  })
}

/** Once, when it is the person's turn. */
function ring(): void {
  if (!hasChimed) chime?.play()
  hasChimed = true
}
