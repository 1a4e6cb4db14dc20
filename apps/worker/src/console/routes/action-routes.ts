import { html } from '@anteroom/html'
import { actOnJob, type JobAction, jobActions, jobFacts } from '@anteroom/operations'
import type { FastifyInstance } from 'fastify'
import { confirmPage } from '../confirm-page.ts'
import type { ConsoleDeps } from '../console-deps.ts'
import { ConsoleError } from '../console-error.ts'
import { send } from '../layout.ts'
import { jobIdIn } from '../read-question.ts'
import { viewOf } from '../signed-in-only.ts'

type OneJob = { Params: { id: string } }

/** What is done to one job: asked once more, then done under the operator's name. */
export function actionRoutes(app: FastifyInstance, { db }: Pick<ConsoleDeps, 'db'>): void {
  for (const action of jobActions) {
    const path = `/console/jobs/:id/${action}`

    app.get<OneJob>(path, async (request, reply) => {
      const view = viewOf(request)
      const job = await jobFacts(db, jobIdIn(request.params))
      if (!job) throw new ConsoleError(404, 'Nobody knows this job.')
      const page = `/console/jobs/${job.job_id}`
      const about = html`<p>${job.job} <span class="plain">${job.job_id}</span></p>`
      const question = { ...questions[action], about, action: `${page}/${action}`, back: page }
      return send(reply, view, confirmPage(question, view))
    })

    app.post<OneJob>(path, async (request, reply) => {
      const { actor } = viewOf(request)
      const jobId = jobIdIn(request.params)
      const { answer } = await actOnJob(db, action, { actor, jobId })
      return reply.redirect(`/console/jobs/${jobId}?done=${action}&answer=${answer}`, 303)
    })
  }
}

const questions = {
  retry: {
    title: 'Retry this job now?',
    effect: 'It begins as soon as a worker has a place, and not when it would have.',
    button: 'Retry now',
    isFinal: false,
  },
  discard: {
    title: 'Discard this job?',
    effect:
      'It ends as cancelled. Whoever waits for it is told so, as of any failure, and it is not kept.',
    button: 'Discard',
    isFinal: true,
  },
  release: {
    title: 'Release this job?',
    effect:
      'If the worker that holds it is dead, another takes it and goes on from what vendors have answered. From a living one it is not taken.',
    button: 'Release',
    isFinal: false,
  },
} satisfies Record<JobAction, object>
