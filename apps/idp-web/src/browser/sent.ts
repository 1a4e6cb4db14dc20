import { element, speak } from './page-parts.ts'
import { createPoller } from './poller.ts'

/*
 * The page of a credential that is on its way to an agency: it asks how that stands, and loads itself again when there is news.
 */

const showAfterMs = 1_200

const words = element('sent')
const status = element('sent-status')

const poller = createPoller({
  address: () => words.dataset.address ?? '',
  take,
  // No visit, or nothing on its way: the page itself says what is the matter.
  ended: changed,
  say: (what) => speak(status, words.dataset[what]),
})

words.hidden = false
element('sent-check-again').hidden = true
document.addEventListener(
  'visibilitychange',
  () => document.visibilityState === 'visible' && poller.ask(),
)
window.addEventListener('online', poller.ask)
poller.ask()

function take({ state, nextPollSeconds }: { state?: unknown; nextPollSeconds?: unknown }): unknown {
  return state === words.dataset.state ? nextPollSeconds : changed()
}

function changed(): void {
  poller.stop()
  speak(status, words.dataset.changed)
  window.setTimeout(() => location.reload(), showAfterMs)
}
