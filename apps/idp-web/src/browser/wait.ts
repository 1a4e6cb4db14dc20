import { delayAfterFailures, delayAskedFor } from './next-ask.ts'

/*
 * The waiting page: an event stream tells it at once, polling tells it in any case. It never loads itself again; when
 * there is an answer it says so, shows a link, and goes there.
 */

const goAfterMs = 1_200
const answerTimeoutMs = 10_000

const words = element('wait')
const status = element('wait-status')
const progress = document.querySelector<HTMLProgressElement>('#wait-progress')
const openedAt = Date.now()
const elapsedAtOpen = progress?.value ?? 0

let failures = 0
let isAnswered = false
let isAsking = false
let timer: number | undefined
let stream: EventSource | undefined

words.hidden = false
element('wait-check-again').hidden = true
const ticker = window.setInterval(showElapsed, 1_000)
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && ask())
window.addEventListener('online', ask)
window.addEventListener('pagehide', closeStream)
// Coming back with the browser's back button: the page is as it was, the answer may not be.
window.addEventListener('pageshow', (event) => event.persisted && location.reload())
openStream()
ask()

function openStream(): void {
  stream = new EventSource('/verify/events')
  stream.addEventListener('answer', answered)
}

function closeStream(): void {
  stream?.close()
}

/** One question at a time; each ends by setting the time of the next. */
function ask(): void {
  if (isAnswered || isAsking) return
  isAsking = true
  window.clearTimeout(timer)
  askStatus()
    .then(askAgainIn, () => askAgainIn(unreachable()))
    .finally(() => {
      isAsking = false
    })
}

function askAgainIn(delayMs: number | undefined): void {
  if (delayMs !== undefined && !isAnswered) timer = window.setTimeout(ask, delayMs)
}

/** How long to wait before the next question, in milliseconds; nothing once there is an answer. */
async function askStatus(): Promise<number | undefined> {
  const limit = new AbortController()
  const limitTimer = window.setTimeout(() => limit.abort(), answerTimeoutMs)
  const response = await fetch('/verify/status', {
    headers: { accept: 'application/json' },
    signal: limit.signal,
  }).finally(() => window.clearTimeout(limitTimer))
  // No session, or no check under way: the result page knows where the person belongs.
  if (response.status === 404) return answered()
  if (!response.ok) return unreachable()
  const reply: { state?: unknown; nextPollSeconds?: unknown } = await response.json()
  if (reply.state === 'answered') return answered()
  reachable()
  return delayAskedFor(reply.nextPollSeconds)
}

function unreachable(): number {
  failures += 1
  // One lost question is nothing to worry anyone with.
  if (failures > 1) say(words.dataset.unreachable)
  return delayAfterFailures(failures, Math.random)
}

function reachable(): void {
  if (failures > 1) say(words.dataset.reachable)
  failures = 0
}

function answered(): undefined {
  if (isAnswered) return
  isAnswered = true
  window.clearInterval(ticker)
  window.clearTimeout(timer)
  closeStream()
  say(words.dataset.answered)
  element('wait-continue').hidden = false
  window.setTimeout(() => location.assign('/verify/result'), goAfterMs)
}

/** By the clock, not by counting: a sleeping tab wakes up with the right number. */
function showElapsed(): void {
  if (!progress) return
  const elapsed = Math.floor(elapsedAtOpen + (Date.now() - openedAt) / 1_000)
  if (elapsed >= progress.max && failures === 0) say(words.dataset.finishing)
  progress.value = Math.min(elapsed, progress.max)
  element('wait-elapsed').textContent = String(progress.value)
}

/** Spoken by screen readers, so only when there is something new to say. */
function say(text: string | undefined): void {
  if (status.textContent !== text) status.textContent = text ?? ''
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error('The page lacks an element')
  return found
}
