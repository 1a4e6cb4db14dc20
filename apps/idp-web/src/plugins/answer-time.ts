import type { FastifyInstance, FastifyReply } from 'fastify'
import { isFiles } from './csrf.ts'
import { HttpError } from './http-error.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Absent until the first hook has run. */
    answerClock: AnswerClock | undefined
  }
}

/** A clock that can stand still and go on. */
interface AnswerClock {
  pause(): void
  resume(): void
}

/**
 * From a request's arrival to its answer, in milliseconds. Shorter than three seconds, after which people give up. Each
 * server behind us has a limit of its own; this one is for all of them together, however many are silent.
 */
const answerWithinMs = 2_700

/**
 * Whoever would wait longer is told that we cannot be reached just now. The handler goes on to its own end and is not
 * heard any more, so whatever it does must be harmless to repeat. A sender's own slowness does not count, nor do photos
 * that come in with their form: they have limits of their own. An answer that has begun, such as a stream, may go on.
 */
export function answerTime(app: FastifyInstance): void {
  app.decorateRequest('answerClock', undefined)
  app.addHook('onRequest', (request, reply, done) => {
    request.answerClock = startClock(answerWithinMs, () => tellThatItIsLate(reply))
    done()
  })
  app.addHook('preParsing', async (request) => request.answerClock?.pause())
  app.addHook('preValidation', (request, _reply, done) => {
    if (!isFiles(request)) request.answerClock?.resume()
    done()
  })
  app.addHook('onResponse', (request, _reply, done) => {
    request.answerClock?.pause()
    done()
  })
}

function tellThatItIsLate(reply: FastifyReply): void {
  if (reply.sent || reply.raw.headersSent) return
  reply.send(new HttpError(503, 'ANSWER_TOO_LATE'))
}

function startClock(ms: number, ring: () => void): AnswerClock {
  let leftMs = ms
  let runsSince = performance.now()
  let timer = setTimeout(ring, leftMs)
  return {
    pause() {
      clearTimeout(timer)
      leftMs -= performance.now() - runsSince
    },
    resume() {
      runsSince = performance.now()
      timer = setTimeout(ring, leftMs)
    },
  }
}
