/** A part of the page that is there by its id. */
export function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error('The page lacks an element')
  return found
}

/** Spoken by screen readers, so only when there is something new to say. */
export function speak(status: HTMLElement, text: string | undefined): void {
  if (status.textContent !== text) status.textContent = text ?? ''
}
