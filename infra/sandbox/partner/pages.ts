import { html } from 'ghtml'
import type { Told } from './ask.ts'

export function homePage(told: Told | undefined): string {
  return layout('Sample Library', told?.kind === 'claims' ? claims(told) : start(told))
}

export function signedOutPage(): string {
  return layout('You are signed out', html`<p><a href="/">Back to the start</a></p>`)
}

export function failurePage(): string {
  return layout(
    'That did not work',
    html`<p>The answer could not be used. <a href="/">Start again</a></p>`,
  )
}

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
      </ul>`
}

function claims({ signedIn, about }: Extract<Told, { kind: 'claims' }>): string {
  return html`<p role="status">You are signed in.</p>
      <h2>What the ID token says</h2>
      <pre id="id-token" tabindex="0">${JSON.stringify(signedIn, null, 2)}</pre>
      <h2>What userinfo says</h2>
      <pre id="userinfo" tabindex="0">${JSON.stringify(about, null, 2)}</pre>
      <p><a class="way" href="/sign-out">Sign out</a></p>`
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
      pre { background: #f3f3f3; overflow: auto; padding: 1rem }
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
