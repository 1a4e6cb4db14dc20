import { type Html, html, renderHtml } from '@anteroom/html'
import type { FastifyReply } from 'fastify'
import type { SignedIn } from './sessions.ts'

/** What every page is made from, beside its own data. */
export interface View extends SignedIn {
  /** As it was asked for, with its question. */
  readonly path: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

export interface ConsolePage {
  /** The only `h1`, and the title of the window. */
  readonly title: string
  readonly content: Html
  /** What came of what was just done. */
  readonly notice?: Notice | undefined
}

export interface Notice {
  readonly words: string
  readonly isInEffect: boolean
}

const parts = [
  ['/console', 'Queues'],
  ['/console/jobs', 'Jobs'],
  ['/console/workers', 'Workers'],
  ['/console/dead', 'Dead letters'],
  ['/console/line', 'Line'],
  ['/console/partners', 'Partners'],
  ['/console/audit', 'Audit'],
] as const

/** Sends a page, to an operator who is signed in or to nobody known. */
export function send(reply: FastifyReply, view: View | undefined, page: ConsolePage): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(renderHtml(layout(view, page)))
}

function layout(view: View | undefined, { title, content, notice }: ConsolePage): Html {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="format-detection" content="telephone=no">
    <title>${title} – Anteroom operators</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/console/styles.css">
  </head>
  <body>
    <a class="skip" href="#main">Skip to the content</a>
    <header class="top">
      <p class="name">Anteroom <span>operators</span></p>
      ${view && account(view)}
    </header>
    ${view && navigation(view)}
    <main id="main" tabindex="-1">
      ${notice && html`<p class="notice${!notice.isInEffect && ' idle'}" role="status">${notice.words}</p>`}
      <div class="heading"><h1>${title}</h1>${view && refresh(view)}</div>
      ${content}
    </main>
  </body>
</html>
`
}

function account({ actor, csrfToken }: View): Html {
  return html`<form class="account" method="post" action="/console/sign-out">
        <input type="hidden" name="csrf" value="${csrfToken}">
        <span>Signed in as <b>${actor}</b></span>
        <button class="button quiet">Sign out</button>
      </form>`
}

function navigation({ path }: View): Html {
  const [bare = ''] = path.split('?', 1)
  return html`<nav aria-label="Parts of the console"><ul>
      ${parts.map(
        ([href, name]) =>
          html`<li><a href="${href}"${isPart(bare, href) && html` aria-current="page"`}>${name}</a></li>`,
      )}
    </ul></nav>`
}

const isPart = (path: string, href: string): boolean =>
  href === '/console' ? path === href : path === href || path.startsWith(`${href}/`)

/** Nothing refreshes itself: who reads a list must not lose it. */
function refresh({ path, now }: View): Html {
  // What was just done is said once.
  const again = path
    .replace(/([?&])(?:done|answer|count|left)=[\w-]*(?=&|$)/g, '$1')
    .replace(/[?&]+$/, '')
  const moment = new Date(now).toISOString()
  return html`<p class="refresh">As of <time datetime="${moment}">${moment.slice(11, 19)} UTC</time> <a class="button quiet" href="${again}">Refresh</a></p>`
}
