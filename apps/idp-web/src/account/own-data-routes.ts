import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { rejectFields } from '../plugins/forms.ts'
import { listEvents, recordEvent } from './account-events.ts'
import { ownData } from './own-data.ts'
import { historyPage } from './pages/history.ts'
import { ownDataPage } from './pages/own-data.ts'
import { requireAccount } from './require-account.ts'

/** What we know about an account, to read and to take along. */
export function ownDataRoutes(app: FastifyInstance, deps: WebDeps): void {
  const days = deps.config.accountHistoryDays

  app.get('/account/history', async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply })
    if (!owner) return reply
    const events = await listEvents(deps, owner.account.id)
    return reply.page((view) => historyPage(view, { events, days }))
  })

  app.get('/account/data', async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, { recent: true })
    return owner ? reply.page(ownDataPage) : reply
  })

  app.post('/account/data', async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, { recent: true })
    if (!owner) return reply
    rejectFields(request)
    await recordEvent(deps, { accountId: owner.account.id, event: 'data-downloaded' }, request)
    const data = await ownData(deps, owner.account)
    return reply
      .header('content-disposition', 'attachment; filename="anteroom-account.json"')
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(data, null, 2))
  })
}
