import { html } from 'ghtml'
import { pretendPage } from '../pretend-page.ts'
import type { Told } from './ask.ts'
import { eventsPath, type ReceivedEvent } from './event-receiver.ts'

export function homePage(told: Told | undefined): string {
  return pretendPage('Sample Library', told?.kind === 'claims' ? claims(told) : start(told))
}

/** What it was told of people's accounts, each token verified; the first one first. */
export function eventsPage(events: readonly ReceivedEvent[]): string {
  const none = html`<p>Nothing so far.</p>`
  const list = html`<ol id="events">!${events.map(eventItem).join('')}</ol>`
  return pretendPage(
    'Security events',
    html`!${events.length === 0 ? none : list}
      !${homeLink}`,
  )
}

function eventItem({ type, profile, at, claims }: ReceivedEvent): string {
  const name = type.slice(type.lastIndexOf('/') + 1)
  return html`<li>
        <p><strong class="event">${name}</strong><br>${profile}, verified at ${toSecond(at)}</p>
        <pre>${JSON.stringify(claims, null, 2)}</pre>
      </li>`
}

const toSecond = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`

const homeLink = html`<p><a href="/">Back to the start</a></p>`

export function signedOutPage(): string {
  return pretendPage('You are signed out', homeLink)
}

export function failurePage(): string {
  return pretendPage(
    'That did not work',
    html`<p>The answer could not be used. <a href="/">Start again</a></p>`,
  )
}

const eventsLink = html`<p><a href="${eventsPath}">What happened to people’s accounts</a></p>`

function start(told: Told | undefined): string {
  const refused =
    told?.kind === 'refused'
      ? html`<p role="status">You were not signed in: <code>${told.error}</code></p>`
      : ''
  return html`!${refused}
      <p>A pretend service that people sign in to with Anteroom.</p>
      <ul class="ways">
        <li><a class="way" href="/sign-in">Sign in</a></li>
        <li><a class="way" href="/sign-in/proofed">Sign in with a proofed identity</a></li>
      </ul>
      !${eventsLink}`
}

function claims({ signedIn, about }: Extract<Told, { kind: 'claims' }>): string {
  return html`<p role="status">You are signed in.</p>
      <h2>What the ID token says</h2>
      <pre id="id-token">${JSON.stringify(signedIn, null, 2)}</pre>
      <h2>What userinfo says</h2>
      <pre id="userinfo">${JSON.stringify(about, null, 2)}</pre>
      <p><a class="way" href="/sign-out">Sign out</a></p>
      !${eventsLink}`
}
