/*
 * Printing and copying backup codes. They can be read and written down without it.
 */

const actions = document.querySelector<HTMLElement>('[data-codes-actions]')
const codes = Array.from(document.querySelectorAll('#backup-codes li'), (code) => code.textContent)

if (actions) {
  actions.hidden = false
  actions.querySelector('[data-print]')?.addEventListener('click', () => window.print())
  const copy = actions.querySelector<HTMLElement>('[data-copy]')
  if (copy && !navigator.clipboard) copy.hidden = true
  copy?.addEventListener('click', () => {
    navigator.clipboard.writeText(codes.join('\n')).then(
      () => say(actions.dataset.copied ?? ''),
      () => {
        copy.hidden = true
      },
    )
  })
}

function say(text: string): void {
  const status = document.querySelector('[data-codes-status]')
  if (status) status.textContent = text
}
