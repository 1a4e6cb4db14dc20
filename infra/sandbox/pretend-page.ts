import type { FastifyReply } from 'fastify'
import { html } from 'ghtml'

/** A page of a service that only pretends. */
export function pretendPage(title: string, content: string): string {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} – pretend</title>
    <style>
      body { font: 1.0625rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 44rem; overflow-wrap: anywhere; padding: 1.5rem }
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

/** Nothing in it can load, run or be kept. */
export function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply
    .headers({
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    })
    .type('text/html; charset=utf-8')
    .send(page)
}
