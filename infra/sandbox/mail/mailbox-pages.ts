import type { RequestListener } from 'node:http'
import { type CaughtMail, linkPattern, type Mailbox } from './mailbox.ts'

/** `/` lists what came, `/mails.json` gives it to programs, `/html/<number>` shows a letter as a mail program would. */
export function mailboxPages(mailbox: Mailbox): RequestListener {
  return ({ url = '/' }, response) => {
    const page = pageAt(mailbox, url)
    response.writeHead(page ? 200 : 404, {
      'content-type': page?.type ?? 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      // A letter runs nothing and fetches nothing; its links open beside this page.
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'",
    })
    response.end(page?.body ?? 'There is no such page.')
  }
}

interface Page {
  readonly type: string
  readonly body: string
}

function pageAt(mailbox: Mailbox, url: string): Page | undefined {
  if (url === '/mails.json') {
    return { type: 'application/json', body: JSON.stringify({ mails: mailbox.all() }) }
  }
  if (url === '/') return html(listPage(mailbox.all()))
  const number = Number(/^\/html\/(\d+)$/.exec(url)?.[1])
  const mail = mailbox.all().find((one) => one.number === number)
  return mail && html(mail.html)
}

function html(body: string): Page {
  return { type: 'text/html; charset=utf-8', body }
}

function listPage(mails: readonly CaughtMail[]): string {
  return `<!doctype html>
<html lang="en-US">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mailbox of the sandbox</title>
<style>
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif; color: #1b1b1b }
article { margin: 1.5rem 0; padding: 1rem; border: 1px solid #a9aeb1 }
h2 { margin: 0 } pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit }
iframe { width: 100%; height: 32rem; border: 1px solid #a9aeb1 }
</style></head>
<body>
<main>
<h1>Mailbox of the sandbox</h1>
<p>Every e-mail that was sent on this machine, newest first. Nothing is delivered. <a href="/">Look again</a></p>
${mails.length === 0 ? '<p>Nothing has come yet.</p>' : mails.map(article).join('\n')}
</main>
</body>
</html>
`
}

function article({ number, to, from, subject, receivedAt, text }: CaughtMail): string {
  return `<article>
<h2>${escaped(subject)}</h2>
<p>To ${escaped(to.join(', '))}, from ${escaped(from)}, <time>${receivedAt}</time></p>
<pre>${withLinks(text)}</pre>
<details><summary>As a mail program shows it</summary><iframe sandbox="allow-popups" src="/html/${number}" title="${escaped(subject)}"></iframe></details>
</article>`
}

function withLinks(text: string): string {
  return escaped(text).replace(linkPattern, (link) => `<a href="${link}">${link}</a>`)
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character)
}
