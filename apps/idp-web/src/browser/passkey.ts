import {
  type CreationQuestion,
  type RequestQuestion,
  toAnswer,
  toCreationOptions,
  toRequestOptions,
} from './passkey-json.ts'

/*
 * Passkeys: asks the browser for one, or to make one, and sends its answer with the form.
 */

const part = document.querySelector<HTMLElement>('[data-passkey]')
const form = part?.querySelector('form')
if (part && form) begin(part, form)

function begin(part: HTMLElement, form: HTMLFormElement): void {
  if (typeof PublicKeyCredential === 'undefined') {
    say(part, 'unsupported')
    return
  }
  const button = part.querySelector<HTMLElement>('[data-passkey-button]')
  if (button) button.hidden = false
  const offer = createOffer(form)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    say(part)
    offer.stop()
    ask(form).then(
      (credential) => send(form, credential),
      (error: unknown) => {
        // The visit has ended, or the person has to sign in anew: the page itself leads there.
        if (error instanceof QuestionGone) location.reload()
        say(part, troubleOf(error))
        offer.start()
      },
    )
  })
  offer.start()
}

/** Nobody has long enough to answer a question of ours that is older than five minutes. */
const offerMs = 4 * 60_000

/** The browser's own list of passkeys at a field of the page, where there is such a field. Who takes one is signed in. */
function createOffer(form: HTMLFormElement): { start(): void; stop(): void } {
  const hasField = document.querySelector('input[autocomplete~="webauthn"]') !== null
  let stopping = new AbortController()
  let timer: number | undefined

  function stop(): void {
    stopping.abort()
    window.clearTimeout(timer)
  }

  async function start(): Promise<void> {
    if (!hasField || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return
    stopping = new AbortController()
    const { signal } = stopping
    timer = window.setTimeout(() => {
      stop()
      void start()
    }, offerMs)
    // Whatever goes wrong here, the button and the other fields are still there.
    await ask(form, { mediation: 'conditional', signal }).then(
      (credential) => send(form, credential),
      () => undefined,
    )
  }

  return { start: () => void start(), stop }
}

interface AskOptions {
  readonly mediation?: CredentialMediationRequirement
  readonly signal?: AbortSignal
}

async function ask(form: HTMLFormElement, options: AskOptions = {}): Promise<PublicKeyCredential> {
  const asked = await fetchQuestion(form)
  const isNew = 'user' in asked
  const credential = isNew
    ? await navigator.credentials.create({ ...options, publicKey: toCreationOptions(asked) })
    : await navigator.credentials.get({ ...options, publicKey: toRequestOptions(asked) })
  if (!(credential instanceof PublicKeyCredential)) throw new Error('There is no answer')
  return credential
}

/** Nobody is there to be asked. */
class QuestionGone extends Error {}

/** Asked for at the last moment: it is good for a few minutes. */
async function fetchQuestion(form: HTMLFormElement): Promise<CreationQuestion | RequestQuestion> {
  const token = form.querySelector<HTMLInputElement>('input[name="csrf"]')?.value ?? ''
  const response = await fetch(`${form.getAttribute('action')}/options`, {
    method: 'POST',
    body: new URLSearchParams({ csrf: token }),
    headers: { accept: 'application/json' },
    redirect: 'manual',
  })
  if (response.type === 'opaqueredirect' || response.status === 404) throw new QuestionGone()
  if (!response.ok) throw new Error('There is no question')
  return response.json()
}

function send(form: HTMLFormElement, credential: PublicKeyCredential): void {
  const field = form.querySelector<HTMLInputElement>('input[name="answer"]')
  if (field) field.value = JSON.stringify(toAnswer(credential))
  form.submit()
}

type Trouble = 'cancelled' | 'failed' | 'known' | 'unsupported'

function troubleOf(error: unknown): Trouble {
  if (!(error instanceof DOMException)) return 'failed'
  if (error.name === 'InvalidStateError') return 'known'
  return error.name === 'NotSupportedError' ? 'unsupported' : 'cancelled'
}

function say(part: HTMLElement, trouble?: Trouble): void {
  const place = part.querySelector('[data-passkey-trouble]')
  if (place) place.textContent = trouble ? (part.dataset[trouble] ?? '') : ''
}
