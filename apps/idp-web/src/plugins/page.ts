import type { FastifyInstance, FastifyReply } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { type Html, renderHtml } from '../html.ts'
import type { View } from '../layout.ts'
import { viewOf } from './view.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Sends a page made for this request. */
    page(render: (view: View) => Html): FastifyReply
  }
}

export function page(app: FastifyInstance, deps: WebDeps): void {
  app.decorateReply('page', function (this: FastifyReply, render) {
    return this.type('text/html; charset=utf-8').send(
      renderHtml(render(viewOf(deps, this.request))),
    )
  })
}
