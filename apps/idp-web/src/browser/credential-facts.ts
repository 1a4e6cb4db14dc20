import { daysOf } from '@anteroom/credential/days'
import type { CheckedCredential } from '@anteroom/credential/verify'

type Claims = Extract<CheckedCredential, { claims: unknown }>['claims']

const language = document.documentElement.lang
// A credential says days, not moments: they are the same wherever it is looked at.
const day = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' })
const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })

/** Shows what the issuer signed. Its name is ours to say. */
export function showFacts(list: HTMLElement, claims: Claims, issuerName: string): void {
  const { issued, firstDay, lastDay } = daysOf(claims)
  const facts: Record<string, string> = {
    name: `${claims.fn} ${claims.ln}`,
    birth: dayInWords(claims.dob),
    issuer: issuerName,
    issued: dayInWords(issued),
    // Usually the same day, and then it says nothing.
    begins: firstDay === issued ? '' : dayInWords(firstDay),
    ends: dayInWords(lastDay),
    number: claims.no,
  }
  for (const place of places(list)) {
    place.textContent = facts[place.dataset.fact ?? ''] ?? ''
    if (place.parentElement) place.parentElement.hidden = place.textContent === ''
  }
  list.hidden = false
}

function dayInWords(text: string): string {
  return day.format(new Date(`${text}T00:00:00Z`))
}

export function clearFacts(list: HTMLElement): void {
  for (const place of places(list)) place.textContent = ''
}

function places(list: HTMLElement): NodeListOf<HTMLElement> {
  return list.querySelectorAll<HTMLElement>('[data-fact]')
}

/** Shows a sentence with a moment in it, by the clock and in the time zone of this device. */
export function showMoment(sentence: HTMLElement, at: number): void {
  const time = sentence.querySelector('time')
  if (time) {
    time.dateTime = new Date(at).toISOString()
    time.textContent = moment.format(at)
  }
  sentence.hidden = false
}
