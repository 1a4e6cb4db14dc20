import { sessionEnd, timeLeftStep, warnBeforeSeconds } from './session-clock.ts'

/*
 * Two minutes before a session ends, asks whether the person is still there. Other tabs of the same session are told
 * when one of them has been used.
 */

const found = document.querySelector<HTMLDialogElement>('#session-warning')
if (found) watch(found)

function watch(dialog: HTMLDialogElement): void {
  const idleMs = Number(dialog.dataset.idleSeconds) * 1_000
  const absoluteAt = Date.now() + Number(dialog.dataset.absoluteSecondsLeft) * 1_000
  const tabs = new BroadcastChannel('anteroom-session')
  let idleAt = Date.now() + idleMs
  let isDismissed = false

  tabs.postMessage('used')
  tabs.addEventListener('message', used)
  window.setInterval(look, 1_000)
  document.addEventListener('visibilitychange', look)
  stayForm(dialog)?.addEventListener('submit', (event) => {
    event.preventDefault()
    stay(dialog).then(
      () => {
        tabs.postMessage('used')
        used()
      },
      () => say(dialog, 'trouble', dialog.dataset.failed),
    )
  })
  // Escape means "I am here", not "let it end". Where staying is not possible it only closes the warning.
  dialog.addEventListener('cancel', (event) => {
    if (!sessionEnd({ idleAt, absoluteAt }).canStay) return
    event.preventDefault()
    stayForm(dialog)?.requestSubmit()
  })
  dialog.addEventListener('close', () => {
    isDismissed = !sessionEnd({ idleAt, absoluteAt }).canStay
  })

  function used(): void {
    idleAt = Date.now() + idleMs
    if (dialog.open) dialog.close()
  }

  function look(): void {
    const { at, canStay } = sessionEnd({ idleAt, absoluteAt })
    const secondsLeft = (at - Date.now()) / 1_000
    if (secondsLeft <= 0) location.assign('/session/ended')
    if (secondsLeft <= 0 || secondsLeft > warnBeforeSeconds || isDismissed) return
    if (!dialog.open) open(dialog, canStay)
    say(dialog, 'timeLeft', dialog.dataset[timeLeftStep(secondsLeft)])
  }
}

function open(dialog: HTMLDialogElement, canStay: boolean): void {
  for (const text of dialog.querySelectorAll<HTMLElement>('[data-reason]')) {
    text.hidden = (text.dataset.reason === 'idle') !== canStay
  }
  const stay = stayForm(dialog)
  const close = dialog.querySelector<HTMLElement>('#session-close')
  if (stay) stay.hidden = !canStay
  if (close) close.hidden = canStay
  say(dialog, 'trouble', '')
  dialog.showModal()
}

function stayForm(dialog: HTMLDialogElement): HTMLFormElement | null {
  return dialog.querySelector<HTMLFormElement>('#session-stay')
}

async function stay(dialog: HTMLDialogElement): Promise<void> {
  const token = stayForm(dialog)?.querySelector('input')?.value ?? ''
  const response = await fetch('/session/extend', {
    method: 'POST',
    body: new URLSearchParams({ csrf: token }),
    headers: { accept: 'application/json' },
  })
  if (response.status === 404) location.assign('/session/ended')
  if (!response.ok) throw new Error('The session was not extended')
}

function say(
  dialog: HTMLDialogElement,
  place: 'timeLeft' | 'trouble',
  text: string | undefined,
): void {
  const selector = place === 'timeLeft' ? '[data-time-left]' : '[data-trouble]'
  const target = dialog.querySelector(selector)
  if (target && target.textContent !== text) target.textContent = text ?? ''
}
