import { html } from '@anteroom/html'
import { errorFacts } from '@anteroom/runtime'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ConsoleDeps } from './console-deps.ts'
import { ConsoleError } from './console-error.ts'
import { send } from './layout.ts'

/** Every failure is a page that says what to do, and a code in the log. */
export function errors(app: FastifyInstance, { log }: Pick<ConsoleDeps, 'log'>): void {
  app.setNotFoundHandler((request, reply) =>
    failed(reply, new ConsoleError(404, 'There is no such page.'), request.console),
  )
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof ConsoleError) return failed(reply, error, request.console)
    if (isClientError(error)) {
      return failed(reply, new ConsoleError(400, 'This request cannot be read.'), request.console)
    }
    const { code, where } = errorFacts(error)
    log.warn('console.failed', { code, where })
    const words =
      'The database does not answer, or not in time. If something was to be done, look into the audit whether it was.'
    return failed(reply, new ConsoleError(503, words), request.console)
  })
}

/** What Fastify itself refuses, such as a body that is too large. */
function isClientError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode < 500
  )
}

const titles = {
  400: 'Not understood',
  403: 'Not allowed',
  404: 'Not found',
  429: 'Too many tries',
  503: 'It failed',
} satisfies Record<ConsoleError['status'], string>

function failed(
  reply: FastifyReply,
  { status, message }: ConsoleError,
  view: Parameters<typeof send>[1],
) {
  const content = html`<p>${message}</p><p><a class="button" href="/console">To the queues</a></p>`
  return send(reply.status(status), view, { title: titles[status], content })
}
