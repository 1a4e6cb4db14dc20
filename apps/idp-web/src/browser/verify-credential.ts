import { paths } from '@anteroom/credential/paths'
import { type CheckedCredential, checkCredential } from '@anteroom/credential/verify'
import type { VerdictName } from '../verify-credential/verdict-names.ts'
import { clearFacts, showFacts, showMoment } from './credential-facts.ts'
import { toShown, toToken } from './credential-verdict.ts'
import { element } from './page-parts.ts'

/*
 * The page that checks a credential. The token comes as the fragment of the address, which no browser sends, and leaves
 * the address bar at once. Only the issuer's keys and its list of revoked credentials are asked for; nothing is stored.
 */

const answerTimeoutMs = 10_000

const { issuer = '', issuerName = '' } = element('check').dataset
const pageTitle = document.title
let checks = 0

element('needs-script').hidden = true
element('another').hidden = false
element('check-pasted').addEventListener('click', checkPasted)
window.addEventListener('hashchange', checkFragment)
// Whoever comes back with the browser's back button finds an empty page.
window.addEventListener('pagehide', forget)
checkFragment()
navigator.serviceWorker
  ?.register(`${paths.page}/offline.js`, { scope: paths.page })
  // Then the page works as long as there is a network.
  .catch(() => undefined)

function checkFragment(): void {
  const { hash } = location
  // The skip link leads to a place in the page.
  if (hash === '' || document.getElementById(hash.slice(1))) return
  history.replaceState(null, '', location.pathname)
  void check(hash)
}

function checkPasted(): void {
  const field = pastedField()
  const { value } = field
  if (value.trim() === '') askToPaste(field)
  else void check(value)
}

/** Nothing is wrong with any credential: none was given. */
function askToPaste(field: HTMLTextAreaElement): void {
  forget()
  element('pasted-missing').hidden = false
  field.setAttribute('aria-invalid', 'true')
  field.focus()
}

async function check(text: string): Promise<void> {
  forget()
  checks += 1
  const mine = checks
  say(element('check-status').dataset.checking)
  const [keys, revocations] = await Promise.all([fetchKeys(), fetchText(paths.revocations)])
  const now = Date.now()
  const checked = await checkCredential({
    token: toToken(text),
    keys: keys?.set,
    issuer,
    revocations: revocations?.text,
    now,
  }).catch(() => undefined)
  // Meanwhile another one was asked for, or the page was left.
  if (mine !== checks) return
  say('')
  if (!keys || !checked) return showVerdict('no-keys')
  show(checked, { keysUpdatedAt: keys.updatedAt, now })
}

function show(checked: CheckedCredential, times: { keysUpdatedAt: number; now: number }): void {
  const { verdict, areKeysOld } = toShown({ checked, ...times })
  element('keys-old').hidden = !areKeysOld
  showMoment(element('keys-updated'), times.keysUpdatedAt)
  if ('claims' in checked && verdict !== 'keys-too-old') {
    showFacts(element('facts'), checked.claims, issuerName)
    const { revocation } = checked
    element('revocation-not-checked').hidden = revocation.state === 'checked'
    if (revocation.state === 'checked' && verdict !== 'revoked') {
      showMoment(element('revocation-checked'), revocation.madeAt)
    }
  }
  showVerdict(verdict)
}

/** A screen reader reads out what has the focus, and goes on from there. */
function showVerdict(verdict: VerdictName): void {
  const panel = element(`verdict-${verdict}`)
  panel.hidden = false
  const heading = panel.querySelector('h2')
  document.title = `${heading?.textContent} – ${pageTitle}`
  heading?.focus()
}

function forget(): void {
  checks += 1
  document.title = pageTitle
  for (const part of parts()) part.hidden = true
  clearFacts(element('facts'))
  element('pasted-missing').hidden = true
  const field = pastedField()
  field.value = ''
  field.removeAttribute('aria-invalid')
}

interface FetchedKeys {
  readonly set: unknown
  /** When they came from the issuer, also if they were kept on this device since. */
  readonly updatedAt: number
}

async function fetchKeys(): Promise<FetchedKeys | undefined> {
  const fetched = await fetchText(paths.keys)
  if (!fetched) return undefined
  try {
    return { set: JSON.parse(fetched.text), updatedAt: fetched.sentAt }
  } catch {
    return undefined
  }
}

/** Undefined if it is not there and nothing was kept of it either. */
async function fetchText(path: string): Promise<{ text: string; sentAt: number } | undefined> {
  const limit = new AbortController()
  const timer = window.setTimeout(() => limit.abort(), answerTimeoutMs)
  try {
    // Asked anew each time: a list or a key may have been replaced a moment ago.
    const how = { cache: 'no-cache', credentials: 'omit' } as const
    const response = await fetch(path, { ...how, signal: limit.signal })
    if (!response.ok) return undefined
    const sentAt = Date.parse(response.headers.get('date') ?? '')
    return { text: await response.text(), sentAt: Number.isNaN(sentAt) ? 0 : sentAt }
  } catch {
    return undefined
  } finally {
    window.clearTimeout(timer)
  }
}

function say(text: string | undefined): void {
  element('check-status').textContent = text ?? ''
}

/** Everything that is said of a credential. */
function parts(): NodeListOf<HTMLElement> {
  return element('check').querySelectorAll<HTMLElement>(':scope > *')
}

function pastedField(): HTMLTextAreaElement {
  const field = document.querySelector<HTMLTextAreaElement>('#pasted')
  if (!field) throw new Error('The page lacks an element')
  return field
}
