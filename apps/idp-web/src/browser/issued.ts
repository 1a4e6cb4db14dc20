import { element } from './page-parts.ts'

/*
 * The page of an issued credential: once the file is deleted, it offers it no longer and says what to do.
 */

const over = element('credential-over')
const endsAt = Date.now() + Number(over.dataset.secondsLeft) * 1_000

window.setTimeout(endIfDue, endsAt - Date.now())
// The timers of a sleeping device stand still.
document.addEventListener('visibilitychange', endIfDue)

function endIfDue(): void {
  const words = over.firstElementChild
  if (Date.now() < endsAt || !(words instanceof HTMLElement) || !words.hidden) return
  const kept = [...document.querySelectorAll<HTMLElement>('[data-while-kept]')]
  const hadFocus = kept.some((part) => part.contains(document.activeElement))
  for (const part of kept) part.hidden = true
  words.hidden = false
  showTitle()
  if (hadFocus) over.focus()
}

function showTitle(): void {
  const { title = '' } = over.dataset
  const heading = document.querySelector('h1')
  if (!heading) return
  document.title = document.title.replace(heading.textContent ?? '', title)
  heading.textContent = title
}
