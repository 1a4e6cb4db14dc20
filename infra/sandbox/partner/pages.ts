import { html } from 'ghtml'
import type { Told } from './ask.ts'
import { eventsPath, type ReceivedEvent } from './event-receiver.ts'

export function homePage(told: Told | undefined): string {
  return layout('Sample Library', told?.kind === 'claims' ? claims(told) : start(told))
}

/** What it was told of people's accounts, each token verified; the first one first. */
export function eventsPage(events: readonly ReceivedEvent[]): string {
  const none = html`<p>Nothing so far.</p>`
  const list = html`<ol id="events">!${events.map(eventItem).join('')}</ol>`
  return layout(
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
  return layout('You are signed out', homeLink)
}

export function failurePage(): string {
  return layout(
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

function layout(title: string, content: string): string {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} – pretend</title>
    <style>
      body { font: 1.0625rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 44rem; padding: 1.5rem }
      pre { background: #f3f3f3; overflow-wrap: anywhere; padding: 1rem; white-space: pre-wrap }
      ol { padding-left: 1.5rem }
      .ways { list-style: none; padding: 0 }
      .way { background: #1b4d89; border-radius: .25rem; color: #fff; display: inline-block; margin: .25rem 0; padding: .6rem 1rem; text-decoration: none }
    </style>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      !${content}
    </main>
  </body>
</html>
`
}
