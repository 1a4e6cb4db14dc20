import {
  auditedBefore,
  deliveries,
  heldReceivers,
  isJobId,
  jobActions,
  jobCalls,
  jobFacts,
  jobStates,
  jobsIn,
  queueFigures,
  readJobAnswer,
  readPlace,
  workerFigures,
} from '@anteroom/operations'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { auditPage } from '../audit-page.ts'
import type { ConsoleDeps } from '../console-deps.ts'
import { ConsoleError } from '../console-error.ts'
import { deliveriesPage } from '../deliveries-page.ts'
import { jobPage } from '../job-page.ts'
import { jobsPage } from '../jobs-page.ts'
import { type Notice, send } from '../layout.ts'
import { queuesPage } from '../queues-page.ts'
import { jobIdIn, readQuestion, word } from '../read-question.ts'
import { viewOf } from '../signed-in-only.ts'
import { workersPage } from '../workers-page.ts'

/** Rows on one page of a list. */
const atMost = 50

const jobsQuestion = z.object({
  state: z.enum(jobStates).catch('ready'),
  task: word.optional(),
  id: word.optional(),
  after: z.string().max(128).optional(),
})

const auditQuestion = z.object({
  after: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
})

/** What an operator looks at: nothing here changes anything. */
export function lookRoutes(app: FastifyInstance, { db }: Pick<ConsoleDeps, 'db'>): void {
  app.get('/console', async (request, reply) =>
    send(reply, viewOf(request), queuesPage(await queueFigures(db))),
  )

  app.get('/console/workers', async (request, reply) => {
    const view = viewOf(request)
    return send(reply, view, workersPage(await workerFigures(db), view))
  })

  app.get('/console/partners', async (request, reply) => {
    const view = viewOf(request)
    const [partners, held] = await Promise.all([deliveries(db), heldReceivers(db)])
    return send(reply, view, deliveriesPage({ partners, held }, view))
  })

  app.get('/console/jobs', async (request, reply) => {
    const view = viewOf(request)
    const { state, task: asked, id = '', after } = readQuestion(jobsQuestion, request.query)
    if (isJobId(id)) return reply.redirect(`/console/jobs/${id}`, 303)
    const task = asked === '' ? undefined : asked
    const place = after === undefined ? undefined : readPlace(after)
    const tasks = (await queueFigures(db)).map(({ job }) => job)
    const listed = await jobsIn(db, { state, job: task, after: place, atMost })
    return send(reply, view, jobsPage({ state, task, id, tasks, after, listed }, view))
  })

  app.get<{ Params: { id: string }; Querystring: { done?: unknown; answer?: unknown } }>(
    '/console/jobs/:id',
    async (request, reply) => {
      const view = viewOf(request)
      const id = jobIdIn(request.params)
      const known = await jobFacts(db, id)
      if (!known) throw new ConsoleError(404, 'Nobody knows this job.')
      const calls = await jobCalls(db, id)
      const notice = noticeOf(request.query)
      return send(reply, view, { ...jobPage(known, calls, view), notice })
    },
  )

  app.get('/console/audit', async (request, reply) => {
    const view = viewOf(request)
    const { after } = readQuestion(auditQuestion, request.query)
    const entries = await auditedBefore(db, atMost + 1, after)
    return send(reply, view, auditPage({ entries, atMost, after }, view))
  })
}

/** What came of the action that led here. Only what we say ourselves is said. */
function noticeOf({ done, answer }: { done?: unknown; answer?: unknown }): Notice | undefined {
  const action = jobActions.find((it) => it === done)
  return action && typeof answer === 'string' ? readJobAnswer(action, answer) : undefined
}
