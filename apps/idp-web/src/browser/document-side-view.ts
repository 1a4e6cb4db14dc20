import type { CaptureWords } from '../texts/en/document-capture.ts'

export type SideState =
  | 'empty'
  | 'looking'
  | 'refused'
  | 'doubtful'
  | 'sending'
  | 'failed'
  | 'direct'
  | 'ready'

/** What a person sees of one side of the document, and what they press there. */
export interface SideView {
  /** Changes what can be seen and done, and says why. */
  show(state: SideState, text: string): void
  /** A copy of the photo, or the name of a file that is none. */
  preview(picture: HTMLCanvasElement | undefined, name: string): void
  /** @param share Of the photo that has left this device, 0 to 1. */
  progress(share: number): void
  /** Takes the button of the camera away. */
  hideCamera(): void
  /** Brings the person to where a photo is missing, or where there is something to decide. */
  demand(): void
}

export interface SideActions {
  readonly chosen: (file: File) => void
  readonly openLens: () => void
  readonly again: () => void
  readonly anyway: () => void
  readonly resend: () => void
  readonly direct: () => void
}

/** The elements of one side, as the page has them. */
export function createSideView(
  part: HTMLElement,
  words: CaptureWords,
  actions: SideActions,
): SideView {
  const elements = elementsOf(part)
  connect(elements, actions)
  return {
    show(state, text) {
      const hadFocus = part.contains(document.activeElement)
      part.dataset.state = state
      elements.status.textContent = text
      if (state === 'looking') takeBackError(elements)
      if (state === 'refused') markInvalid(elements)
      arrange(elements, state, words)
      if (hadFocus && !isSeen(document.activeElement)) focusOn(elements)
    },
    preview(picture, name) {
      drawPreview(elements.preview, picture)
      elements.name.hidden = picture !== undefined
      elements.name.textContent = picture ? '' : name
    },
    progress(share) {
      const percent = Math.floor(share * 100)
      elements.bar.value = percent
      elements.percent.textContent = words.percent.replace('{percent}', String(percent))
    },
    hideCamera() {
      elements.lens.hidden = true
    },
    demand() {
      if (!elements.choose.hidden) markInvalid(elements)
      focusOn(elements)
    },
  }
}

type Elements = ReturnType<typeof elementsOf>

function elementsOf(part: HTMLElement) {
  const find = <E extends HTMLElement>(selector: string): E => {
    const found = part.querySelector<E>(selector)
    if (!found) throw new Error('The page lacks an element')
    return found
  }
  return {
    choose: find('[data-choose]'),
    file: find<HTMLInputElement>('input[type="file"]'),
    lens: find('[data-camera]'),
    shown: find('[data-shown]'),
    actions: find('[data-actions]'),
    preview: find<HTMLCanvasElement>('[data-preview]'),
    name: find('[data-name]'),
    progress: find('[data-progress]'),
    bar: find<HTMLProgressElement>('progress'),
    percent: find('[data-percent]'),
    again: find<HTMLButtonElement>('[data-again]'),
    anyway: find<HTMLButtonElement>('[data-anyway]'),
    resend: find<HTMLButtonElement>('[data-resend]'),
    direct: find<HTMLButtonElement>('[data-direct]'),
    status: find('[data-status]'),
  }
}

function connect(elements: Elements, actions: SideActions): void {
  const { file, lens, again, anyway, resend, direct } = elements
  describe(elements)
  file.addEventListener('change', () => {
    const chosen = file.files?.[0]
    // The photo lives in this script alone: the form sends what is in its fields.
    file.value = ''
    if (chosen) actions.chosen(chosen)
  })
  lens.hidden = !('mediaDevices' in navigator)
  lens.querySelector('button')?.addEventListener('click', actions.openLens)
  again.addEventListener('click', actions.again)
  anyway.addEventListener('click', actions.anyway)
  resend.addEventListener('click', actions.resend)
  direct.addEventListener('click', actions.direct)
}

/** Who comes to a control and cannot see the words beside it hears them with it. */
function describe({ file, status, again, anyway, resend, direct }: Elements): void {
  status.id = `${file.id}-status`
  file.setAttribute('aria-describedby', `${file.getAttribute('aria-describedby')} ${status.id}`)
  for (const button of [again, anyway, resend, direct]) {
    button.setAttribute('aria-describedby', status.id)
  }
}

/** What was wrong with the photo before says nothing of this one. */
function takeBackError({ choose, file, status }: Elements): void {
  choose.classList.remove('usa-form-group--error')
  choose.querySelector('.usa-error-message')?.remove()
  file.removeAttribute('aria-invalid')
  file.setAttribute('aria-describedby', `${file.id}-hint ${status.id}`)
}

function markInvalid({ file }: Elements): void {
  file.setAttribute('aria-invalid', 'true')
}

function arrange(elements: Elements, state: SideState, words: CaptureWords): void {
  const isChoosing = ['empty', 'looking', 'refused'].includes(state)
  elements.choose.hidden = !isChoosing
  elements.shown.hidden = isChoosing
  elements.actions.hidden = isChoosing
  elements.progress.hidden = state !== 'sending'
  elements.anyway.hidden = state !== 'doubtful'
  elements.resend.hidden = state !== 'failed'
  elements.direct.hidden = state !== 'failed'
  elements.again.textContent = state === 'sending' ? words.cancel : words.again
}

/** Where the person goes on: to choosing, or to what can be done about a photo. */
function focusOn({ choose, file, again }: Elements): void {
  if (choose.hidden) again.focus()
  else file.focus()
}

function isSeen(element: Element | null): boolean {
  return element instanceof HTMLElement && element.offsetParent !== null
}

function drawPreview(canvas: HTMLCanvasElement, picture: HTMLCanvasElement | undefined): void {
  canvas.hidden = picture === undefined
  canvas.width = picture?.width ?? 0
  canvas.height = picture?.height ?? 0
  if (picture) canvas.getContext('2d')?.drawImage(picture, 0, 0)
}
