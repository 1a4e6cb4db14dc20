import type { Standing } from '../line/standing.ts'
import { type Chime, createChime } from './chime.ts'
import { say, setPlaceInTitle, showCalled, showIssued, showWaiting, takeOver } from './line-view.ts'
import { createPoller } from './poller.ts'

/*
 * The line's page: asks where the person stands, as often as the server wants, and thereby keeps their place. Near the
 * front an event stream wakes it, however seldom the browser lets a hidden page ask. It never loads itself again while
 * the person stands in line.
 */

const goAfterMs = 1_200
/** A page that closes is hidden first: it is gone before this is over, and does not ask any more. */
const lookAwayMs = 300

/** Other tabs of the visit hear that it goes on. */
const tabs = new BroadcastChannel('anteroom-session')
const poller = createPoller({
  address: () => `/credential/line/status?page=${document.visibilityState}`,
  take,
  // The visit was lost or has ended: the page knows what follows from that.
  ended: () => goTo('/credential/line'),
  say,
})
let isLeaving = false
let stream: EventSource | undefined
let chime: Chime | undefined

takeOver()
watchNotify()
document.addEventListener('visibilitychange', () => window.setTimeout(poller.ask, lookAwayMs))
window.addEventListener('online', poller.ask)
window.addEventListener('pagehide', away)
document.addEventListener('submit', leaveOff)
// Coming back with the browser's back button: the page is as it was, the place may not be.
window.addEventListener('pageshow', (event) => event.persisted && location.reload())
poller.ask()

/** Shows what was answered. In how many seconds to ask again; nothing once the person goes elsewhere. */
function take(standing: Standing): number | undefined {
  tabs.postMessage('used')
  switch (standing.state) {
    case 'waiting':
      showWaiting(standing)
      break
    case 'called':
      showCalled()
      break
    case 'issued':
      leaveOff()
      showIssued()
      chime?.play()
      window.setTimeout(() => goTo('/credential'), goAfterMs)
      return undefined
    case 'failed':
    case 'left':
    case 'gone':
      return goTo('/credential/line')
  }
  listen(standing.listen)
  return standing.nextPollSeconds
}

/** A stream tells once and ends; as long as it is worth having, the next answer opens another. */
function listen(wanted: boolean): void {
  if (!wanted) hangUp()
  if (!wanted || (stream && stream.readyState !== EventSource.CLOSED)) return
  stream = new EventSource('/credential/line/events')
  stream.addEventListener('answer', () => {
    hangUp()
    poller.ask()
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
  leaveOff()
  location.assign(path)
}

/** The person goes elsewhere, or need not be here any more. */
function leaveOff(): void {
  isLeaving = true
  poller.stop()
}

function watchNotify(): void {
  const box = document.querySelector<HTMLInputElement>('#line-notify')
  box?.addEventListener('change', () => {
    setPlaceInTitle(box.checked)
    chime?.close()
    chime = box.checked ? createChime() : undefined
    // Once now, so that the person knows what to listen for.
    chime?.play()
  })
}
