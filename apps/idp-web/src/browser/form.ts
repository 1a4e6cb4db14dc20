import { maskPhone } from './phone-mask.ts'

/*
 * Small comforts for forms. Every form works without them.
 */

for (const field of document.querySelectorAll<HTMLElement>('[data-show-toggle]'))
  addShowToggle(field)
for (const field of document.querySelectorAll<HTMLElement>('[data-phone-mask]')) addPhoneMask(field)
focusTarget()

/** A hidden number can be looked at while it is typed. It is hidden again when it is sent. */
function addShowToggle(field: HTMLElement): void {
  const input = field.querySelector('input')
  if (!input) return
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'usa-button usa-button--unstyled show-toggle'
  button.setAttribute('aria-controls', input.id)
  const show = (isShown: boolean) => {
    input.type = isShown ? 'text' : 'password'
    button.textContent = (isShown ? field.dataset.hide : field.dataset.show) ?? ''
  }
  show(false)
  button.addEventListener('click', () => show(input.type === 'password'))
  input.form?.addEventListener('submit', () => show(false))
  input.closest('.usa-form-group')?.append(button)
}

/** Groups the digits once the number is complete and the person has left the field: nothing moves under their hands. */
function addPhoneMask(field: HTMLElement): void {
  const input = field.querySelector('input')
  input?.addEventListener('change', () => {
    input.value = maskPhone(input.value)
  })
}

/** A change link names a field; the cursor goes there. */
function focusTarget(): void {
  const target = document.getElementById(location.hash.slice(1))
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) target.focus()
}
