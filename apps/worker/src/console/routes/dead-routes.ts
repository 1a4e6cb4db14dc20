import {
  batchesOf,
  type DeadFilterName,
  type DeadWhich,
  deadFilterOf,
  deadFilters,
  deadLetters,
  discardDeadLetters,
  isJobId,
  readPlace,
  replayDeadLetters,
} from '@anteroom/operations'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { ConsoleDeps } from '../console-deps.ts'
import { ConsoleError } from '../console-error.ts'
import { askAboutDead, type DeadAction, deadActions, deadPage } from '../dead-page.ts'
import { send } from '../layout.ts'
import { readQuestion, word } from '../read-question.ts'
import { viewOf } from '../signed-in-only.ts'

const atMost = 50

const number = z.coerce.number().int().min(0).max(1_000_000).optional()

/** What letters may be meant by: what is readable of them, and a moment. */
const meant = {
  ...(Object.fromEntries(deadFilters.map((name) => [name, word.optional()])) as Record<
    DeadFilterName,
    z.ZodOptional<typeof word>
  >),
  since: word.optional(),
}

const listQuestion = z.object({
  ...meant,
  id: word.optional(),
  after: z.string().max(128).optional(),
  done: z.enum(deadActions).optional(),
  count: number,
  left: number,
})

/** Single letters by their jobs, or `all` of those that are meant. */
const actionQuestion = z.object({
  ...meant,
  letter: z
    .union([z.string().transform((one) => [one]), z.array(z.string()).max(100)])
    .pipe(z.array(z.string().refine(isJobId)))
    .optional(),
  all: z.literal('yes').optional(),
})

/** Jobs that failed and are kept: to be queued again, or thrown away, one or many. */
export function deadRoutes(app: FastifyInstance, { db }: Pick<ConsoleDeps, 'db'>): void {
  app.get('/console/dead', async (request, reply) => {
    const view = viewOf(request)
    const { after, done, count = 0, left = 0, ...asked } = readQuestion(listQuestion, request.query)
    const place = after === undefined ? undefined : readPlace(after)
    const listed = await deadLetters(db, whichOf(asked), { atMost, after: place })
    const page = deadPage({ asked, after, listed }, view)
    const words = done && answers[done](count, left)
    const notice = words === undefined ? undefined : { words, isInEffect: count > 0 }
    return send(reply, view, { ...page, notice })
  })

  for (const action of deadActions) {
    app.get(`/console/dead/${action}`, async (request, reply) => {
      const view = viewOf(request)
      const asked = readQuestion(actionQuestion, request.query)
      const ids = (await batchesOf(db, chosen(asked))).flat()
      return send(reply, view, askAboutDead({ action, fields: fieldsOf(asked), ids }, view))
    })

    app.post(`/console/dead/${action}`, async (request, reply) => {
      const { actor } = viewOf(request)
      const asked = readQuestion(actionQuestion, request.body)
      const which = chosen(asked)
      const count = { taken: 0, left: 0 }
      for (const jobIds of await batchesOf(db, which)) {
        const taken = await act(action, { actor, jobIds })
        count.taken += taken
        count.left += jobIds.length - taken
      }
      const told = { done: action, count: String(count.taken), left: String(count.left) }
      return reply.redirect(`/console/dead?${new URLSearchParams(told)}`, 303)
    })
  }

  /** How many it was done to. */
  async function act(
    action: DeadAction,
    { actor, jobIds }: { readonly actor: string; readonly jobIds: readonly string[] },
  ): Promise<number> {
    if (action === 'discard') return (await discardDeadLetters(db, actor, jobIds)).length
    const replayed = await replayDeadLetters(db, actor, jobIds)
    return replayed.filter(({ answer }) => answer === 'queued').length
  }
}

type Asked = { readonly [Name in DeadFilterName | 'id' | 'since']?: string | undefined }

function whichOf({ id = '', since = '', ...asked }: Asked): DeadWhich {
  if (isJobId(id)) return { jobIds: [id] }
  const from = since === '' ? new Date(0) : new Date(since)
  if (Number.isNaN(from.getTime())) {
    throw new ConsoleError(400, 'Since is a moment such as 2026-11-23T14:00:00Z.')
  }
  return { ...deadFilterOf(asked), since: from }
}

/** As the form that does it brings them along. */
function fieldsOf({ letter = [], ...asked }: z.output<typeof actionQuestion>) {
  const meant = Object.entries(asked).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, value]],
  )
  return [...letter.map((id): [string, string] => ['letter', id]), ...meant]
}

/** Nothing is done to everything there is, because nothing was chosen. */
function chosen({ letter = [], all, ...asked }: z.output<typeof actionQuestion>): DeadWhich {
  if (all === undefined) {
    if (letter.length === 0) throw new ConsoleError(400, 'No letter was chosen. Nothing was done.')
    return { jobIds: [...new Set(letter)] }
  }
  if (Object.keys(deadFilterOf(asked)).length === 0) {
    throw new ConsoleError(
      400,
      'Say which: of a job, a partner, a consumer or a destination. Nothing was done.',
    )
  }
  return whichOf(asked)
}

const effect = (count: number): string => (count > 0 ? 'In effect:' : 'Nothing was done:')

const answers = {
  replay: (count, left) =>
    `${effect(count)} ${count} queued again${left > 0 ? `, ${left} not: their time has passed, or they are gone` : ''}.`,
  discard: (count, left) =>
    `${effect(count)} ${count} thrown away${left > 0 ? `, ${left} were gone` : ''}.`,
} satisfies Record<DeadAction, (count: number, left: number) => string>
