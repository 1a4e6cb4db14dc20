import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../../deps.ts'
import { latestEvents } from './latest-events.ts'
import { toldEventsPage } from './told-events-page.ts'

/** For development: what partners are told, as it lies in the outbox. Not there in production, nor without partners. */
export function viewerRoutes(app: FastifyInstance, { db, config, openid }: WebDeps): void {
  if (config.environment === 'production' || !openid) return
  app.get('/test/security-events', async (_request, reply) => {
    const events = await latestEvents(db)
    return reply.page((view) => toldEventsPage(view, events))
  })
}
