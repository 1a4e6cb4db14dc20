import { roundedWait } from '../credential/rounded-wait.ts'
import type { Standing } from '../line/standing.ts'
import { lineWordsIn } from '../texts/line-words.ts'
import { isNews, noticeTitle, type Said, shownAhead } from './line-news.ts'
import { element } from './page-parts.ts'

type Waiting = Extract<Standing, { state: 'waiting' }>
/** What the page stays for; it is left for all else. */
type Shown = 'waiting' | 'called' | 'issued'

const words = lineWordsIn(document.documentElement.lang)
const holder = element('line')
const { waitingTitle, calledTitle, issuedTitle } = holder.dataset
const titles = { waiting: waitingTitle, called: calledTitle, issued: issuedTitle }
const bar = document.querySelector<HTMLProgressElement>('#line-progress')
const heading = document.querySelector('h1')
const plainTitle = document.title
/** What follows the heading in the title of the window. */
const titleEnd = plainTitle.slice(heading?.textContent?.length ?? 0)

let shown =
  bar && !element('line-place').hidden ? bar.max - 1 - bar.value : Number.POSITIVE_INFINITY
let said: Said | undefined
let state: Shown = element('line-called').hidden ? 'waiting' : 'called'
let paused: string | undefined
let showsPlaceInTitle = false
/** What is new in an answer, and yet to be said aloud. */
let news: string[] = []
let newsTimer: number | undefined
const newsStaysMs = 10_000

/** The script is there: what serves those without one is not needed. */
export function takeOver(): void {
  holder.hidden = false
  element('line-check-again').hidden = true
}

export function showWaiting(standing: Waiting): void {
  const wasPaused = paused !== undefined
  showState('waiting')
  shown = shownAhead(standing.ahead, shown)
  put('line-ahead', words.ahead(shown))
  const wait = words.wait(standing.wait && roundedWait(standing.wait))
  put('line-wait', standing.paused === undefined ? wait : '')
  showPause(standing.paused === undefined ? undefined : words.paused(standing.paused))
  if (wasPaused && standing.paused === undefined) news.push(words.paused(undefined))
  showMessage(standing.message)
  if (bar) {
    bar.max = Math.max(bar.max, shown + 1)
    bar.value = bar.max - 1 - shown
  }
  if (isNews(shown, Date.now(), said)) {
    said = { at: Date.now(), ahead: shown }
    news.push(words.ahead(shown))
  }
  announce()
  showTitle()
}

export function showCalled(): void {
  showState('called')
  showPause(undefined)
  showMessage(undefined)
  if (bar) bar.value = bar.max
  announce()
  showTitle()
}

export function showIssued(): void {
  showState('issued')
  say('issued')
  element('line-continue').hidden = false
  showTitle()
}

/** Spoken by screen readers, so only when there is something new to say. */
export function say(what: 'unreachable' | 'reachable' | 'issued'): void {
  put('line-status', holder.dataset[what] ?? '')
}

export function setPlaceInTitle(wanted: boolean): void {
  showsPlaceInTitle = wanted
  showTitle()
}

function showState(next: Shown): void {
  if (next === state) return
  state = next
  const waits = next === 'waiting'
  element('line-waiting').hidden = !waits
  element('line-place').hidden = !waits
  element('line-rules').hidden = !waits
  element('line-called').hidden = next !== 'called'
  const title = titles[next] ?? ''
  if (heading) heading.textContent = title
  // That it is there is said by the status.
  if (next !== 'issued') news.push(title)
}

/** All at once: of what is written one after the other only the last is spoken. Gone soon, so that nobody finds it outdated. */
function announce(): void {
  if (news.length === 0) return
  put('line-news', news.join(' '))
  news = []
  window.clearTimeout(newsTimer)
  newsTimer = window.setTimeout(() => put('line-news', ''), newsStaysMs)
}

/** Said aloud when it begins and not again: it may last. */
function showPause(text: string | undefined): void {
  if (text === paused) return
  paused = text
  showAlert('line-paused', text)
  if (text !== undefined) news.push(text)
}

function showMessage(text: string | undefined): void {
  const isNew = text !== undefined && text !== alertText('line-message')?.textContent
  showAlert('line-message', text)
  if (isNew) news.push(text)
}

function showAlert(id: string, text: string | undefined): void {
  element(id).hidden = text === undefined
  const target = alertText(id)
  if (target && target.textContent !== (text ?? '')) target.textContent = text ?? ''
}

function alertText(id: string): Element | null {
  return element(id).querySelector('.usa-alert__text')
}

function showTitle(): void {
  const title = `${heading?.textContent ?? ''}${titleEnd}`
  document.title = showsPlaceInTitle ? noticeTitle(title, mark()) : title
}

function mark(): number | 'ready' | undefined {
  if (state === 'issued') return 'ready'
  return state === 'waiting' && Number.isFinite(shown) ? shown : undefined
}

function put(id: string, text: string): void {
  const target = element(id)
  if (target.textContent !== text) target.textContent = text
}
