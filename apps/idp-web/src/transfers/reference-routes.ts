import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { publicDataHeaders } from '../plugins/security.ts'
import { openapiDocument } from './openapi.ts'
import { referencePage } from './reference-page.ts'

/** What the API is, for programs and for people who write them. It is public, and the same for everybody. */
export function referenceRoutes(app: FastifyInstance, { config }: WebDeps): void {
  const api = openapiDocument(config.publicUrl)
  const text = JSON.stringify(api)

  app.get('/api/openapi.json', { config: { anonymous: true, json: true } }, (_request, reply) =>
    reply
      .headers({ ...publicDataHeaders, 'cache-control': 'public, max-age=300' })
      .type('application/json')
      .send(text),
  )
  app.get('/api', { config: { anonymous: true } }, (_request, reply) =>
    reply.page((view) => referencePage(view, api)),
  )
}
