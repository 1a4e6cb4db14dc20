import { type Html, html } from '@anteroom/html'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { ConsoleDeps } from '../console-deps.ts'
import { ConsoleError } from '../console-error.ts'
import { type Notice, send } from '../layout.ts'
import type { OperatorPasswords } from '../operator-passwords.ts'
import { type Sessions, sessionCookie } from '../sessions.ts'

interface SignInDeps extends Pick<ConsoleDeps, 'log'> {
  readonly sessions: Sessions
  readonly passwords: OperatorPasswords
}

const form = z.object({ name: z.string().max(64), password: z.string().max(200) })

/** In the browser alone, for as long as it is open, and of use to no other site. */
const cookieOptions = { path: '/console', httpOnly: true, sameSite: 'strict' } as const

export function signInRoutes(app: FastifyInstance, { sessions, passwords, log }: SignInDeps): void {
  app.get<{ Querystring: { why?: unknown } }>('/console/sign-in', (request, reply) => {
    const ended =
      request.query.why === 'ended'
        ? {
            words:
              'Your session has ended: after 15 minutes without a page, or 8 hours. Sign in again.',
            isInEffect: false,
          }
        : undefined
    return send(reply, undefined, signInPage({ problem: undefined, notice: ended }))
  })

  app.post('/console/sign-in', async (request, reply) => {
    const { data } = form.safeParse(request.body)
    if (!data) throw new ConsoleError(400, 'Give a name and a password.')
    const { name, password } = data
    if (!(await sessions.mayTry(name))) {
      log.warn('console.sign-in-limited')
      throw new ConsoleError(429, 'Too many have tried to sign in. Try again in 15 minutes.')
    }
    if (!(await passwords.isRight(name, password))) {
      log.warn('console.sign-in-refused')
      const problem = 'There is nobody with this name and this password.'
      return send(reply.status(403), undefined, signInPage({ problem }))
    }
    reply.setCookie(sessionCookie, await sessions.begin(name), cookieOptions)
    log.info('console.signed-in')
    return reply.redirect('/console', 303)
  })

  app.post('/console/sign-out', async (request, reply) => {
    // Whoever has the cookie may end its session: a form of another origin does not come this far.
    await sessions.end(request.cookies[sessionCookie] ?? '')
    reply.clearCookie(sessionCookie, cookieOptions)
    return reply.redirect('/console/sign-in', 303)
  })
}

function signInPage({
  problem,
  notice,
}: {
  problem: string | undefined
  notice?: Notice | undefined
}) {
  const content: Html = html`${problem !== undefined && html`<p class="problem" role="alert">${problem}</p>`}
      <form class="sheet" method="post" action="/console/sign-in">
        <label>Name
          <input name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="64">
        </label>
        <label>Password
          <input type="password" name="password" autocomplete="current-password" required maxlength="200">
        </label>
        <p><button class="button">Sign in</button></p>
      </form>
      <p>Names and passwords of operators are made with <code>pnpm ops operator new</code>. Whatever you do here is written into the audit under your name.</p>`
  return { title: 'Sign in', content, notice }
}
