import { html } from '@anteroom/html'
import {
  lineCountsOf,
  longestLineMessage,
  readLineMessage,
  setLineMessage,
  setLineMode,
} from '@anteroom/operations'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { confirmPage } from '../confirm-page.ts'
import type { ConsoleDeps } from '../console-deps.ts'
import { ConsoleError } from '../console-error.ts'
import { type Notice, send } from '../layout.ts'
import { linePage } from '../line-page.ts'
import { readQuestion } from '../read-question.ts'
import { viewOf } from '../signed-in-only.ts'

const question = z.object({ message: z.string().max(2_000) })
const lineQuestion = z.object({ done: z.enum(['drain', 'open', 'message']).optional() })

/** What is done about the line, but for what only operators can seal. */
export function lineRoutes(app: FastifyInstance, { db, quota }: ConsoleDeps): void {
  app.get('/console/line', async (request, reply) => {
    const view = viewOf(request)
    const { done } = readQuestion(lineQuestion, request.query)
    const page = linePage({ line: await lineCountsOf(db), quota: await quota() }, view)
    return send(reply, view, { ...page, notice: done && inEffect(answers[done]) })
  })

  for (const mode of ['drain', 'open'] as const) {
    app.get(`/console/line/${mode}`, (request, reply) => {
      const view = viewOf(request)
      const asked = { ...questions[mode], about: html``, action: `/console/line/${mode}`, back }
      return send(reply, view, confirmPage(asked, view))
    })

    app.post(`/console/line/${mode}`, async (request, reply) => {
      await setLineMode(db, viewOf(request).actor, mode === 'drain' ? 'drained' : 'open')
      return reply.redirect(`${back}?done=${mode}`, 303)
    })
  }

  app.get('/console/line/message', (request, reply) => {
    const view = viewOf(request)
    const message = messageIn(request.query)
    const about = html`<p>${message === undefined ? 'No message: the one that stands is taken away.' : message}</p>`
    const fields = [['message', message ?? ''] as const]
    const asked = { ...questions.message, about, action: '/console/line/message', fields, back }
    return send(reply, view, confirmPage(asked, view))
  })

  app.post('/console/line/message', async (request, reply) => {
    await setLineMessage(db, viewOf(request).actor, messageIn(request.body))
    return reply.redirect(`${back}?done=message`, 303)
  })
}

const back = '/console/line'

const inEffect = (words: string): Notice => ({ words, isInEffect: true })

/** Undefined if there is to be none. */
function messageIn(given: unknown): string | undefined {
  const { message: text } = readQuestion(question, given)
  if (text.trim() === '') return undefined
  const message = readLineMessage(text)
  if (message !== undefined) return message
  throw new ConsoleError(
    400,
    `A message is one line of 1 to ${longestLineMessage} characters. Nothing was done.`,
  )
}

const questions = {
  drain: {
    title: 'Drain the line?',
    effect: 'Nobody new can join. Who stands in it is served.',
    button: 'Drain',
    isFinal: true,
  },
  open: {
    title: 'Open the line?',
    effect: 'People may join it again.',
    button: 'Open',
    isFinal: false,
  },
  message: {
    title: 'Tell everybody in line?',
    effect: 'Everybody who waits reads this on their page.',
    button: 'Tell them',
    isFinal: false,
  },
}

const answers = {
  drain:
    'In effect: nobody new joins the line; who stands in it is served. Pages show it within 5 s.',
  open: 'In effect: people may join the line. Pages show it within 5 s.',
  message: 'In effect. Pages show it with their next question.',
}
