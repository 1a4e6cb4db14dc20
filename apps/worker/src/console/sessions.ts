import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import {
  endConsoleSession,
  seeConsoleSession,
  signInToConsole,
  tryConsoleSignIn,
} from '@anteroom/operations'
import type { ConsoleDeps } from './console-deps.ts'

export const sessionCookie = 'anteroom_console'

/** Who is here. */
export interface SignedIn {
  readonly actor: string
  /** Stands in every form of this session. */
  readonly csrfToken: string
}

export interface Sessions {
  /** Whether somebody may try to sign in under this name now. It counts as a try. */
  mayTry(name: string): Promise<boolean>
  /** What the browser is to keep. */
  begin(actor: string): Promise<string>
  /** Undefined if what the browser has kept is no session, or one that has ended. */
  find(kept: string): Promise<SignedIn | undefined>
  end(kept: string): Promise<void>
  isOwnForm(signedIn: SignedIn, csrfToken: string): boolean
}

/**
 * Sessions are kept in the database, so that any worker knows them and one that was ended has ended everywhere. They are
 * found by a hash that the operator's password hash is a part of: with another password, or without the operator, there
 * is none.
 */
export function createSessions({
  db,
  operators,
  sessionKey,
}: Pick<ConsoleDeps, 'db' | 'operators' | 'sessionKey'>): Sessions {
  const hashOf = (...parts: readonly string[]): string =>
    createHmac('sha256', sessionKey).update(JSON.stringify(parts)).digest('base64url')
  const guessOf = (name: string) => hashOf('guess', name)
  const idOf = (actor: string, token: string) =>
    hashOf('session', actor, operators[actor] ?? '', token)

  function read(kept: string) {
    const dot = kept.lastIndexOf('.')
    const actor = kept.slice(0, Math.max(0, dot))
    const token = kept.slice(dot + 1)
    const isWhole = Object.hasOwn(operators, actor) && /^[\w-]{43}$/.test(token)
    return isWhole ? { actor, token } : undefined
  }

  return {
    mayTry: (name) => tryConsoleSignIn(db, guessOf(name)),
    async begin(actor) {
      const token = randomBytes(32).toString('base64url')
      await signInToConsole(db, actor, { session: idOf(actor, token), whom: guessOf(actor) })
      return `${actor}.${token}`
    },
    async find(kept) {
      const session = read(kept)
      if (!session) return undefined
      const { actor, token } = session
      if (!(await seeConsoleSession(db, idOf(actor, token)))) return undefined
      return { actor, csrfToken: hashOf('csrf', actor, token) }
    },
    async end(kept) {
      const session = read(kept)
      if (session) await endConsoleSession(db, idOf(session.actor, session.token))
    },
    isOwnForm({ csrfToken }, given) {
      const [ours, theirs] = [Buffer.from(csrfToken), Buffer.from(given)]
      return ours.length === theirs.length && timingSafeEqual(ours, theirs)
    },
  }
}
