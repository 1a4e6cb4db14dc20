import { element, speak } from './page-parts.ts'
import { createPoller } from './poller.ts'

/*
 * The waiting page: an event stream tells it at once, polling tells it in any case. It never loads itself again; when
 * there is an answer it says so, shows a link, and goes there.
 */

const goAfterMs = 1_200

const words = element('wait')
const status = element('wait-status')
const progress = document.querySelector<HTMLProgressElement>('#wait-progress')
const openedAt = Date.now()
const elapsedAtOpen = progress?.value ?? 0

const poller = createPoller({
  address: () => '/verify/status',
  take,
  // No session, or no check under way: the result page knows where the person belongs.
  ended: answered,
  say: (what) => speak(status, words.dataset[what]),
})
let isAnswered = false
let stream: EventSource | undefined

words.hidden = false
element('wait-check-again').hidden = true
const ticker = window.setInterval(showElapsed, 1_000)
document.addEventListener(
  'visibilitychange',
  () => document.visibilityState === 'visible' && poller.ask(),
)
window.addEventListener('online', poller.ask)
window.addEventListener('pagehide', closeStream)
// Coming back with the browser's back button: the page is as it was, the answer may not be.
window.addEventListener('pageshow', (event) => event.persisted && location.reload())
openStream()
poller.ask()

function openStream(): void {
  stream = new EventSource('/verify/events')
  stream.addEventListener('answer', answered)
}

function closeStream(): void {
  stream?.close()
}

function take({ state, nextPollSeconds }: { state?: unknown; nextPollSeconds?: unknown }): unknown {
  return state === 'answered' ? answered() : nextPollSeconds
}

function answered(): void {
  if (isAnswered) return
  isAnswered = true
  window.clearInterval(ticker)
  poller.stop()
  closeStream()
  speak(status, words.dataset.answered)
  element('wait-continue').hidden = false
  window.setTimeout(() => location.assign('/verify/result'), goAfterMs)
}

/** By the clock, not by counting: a sleeping tab wakes up with the right number. */
function showElapsed(): void {
  if (!progress) return
  const elapsed = Math.floor(elapsedAtOpen + (Date.now() - openedAt) / 1_000)
  if (elapsed >= progress.max && poller.isReaching()) speak(status, words.dataset.finishing)
  progress.value = Math.min(elapsed, progress.max)
  element('wait-elapsed').textContent = String(progress.value)
}
