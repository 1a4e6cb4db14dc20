import type { Redis } from 'ioredis'
import { hashOfId, idPattern, randomId } from '../random-id.ts'
import {
  type Ceremony,
  ceremony,
  type HeldTicket,
  heldTicket,
  maxUploads,
  type NextAttempt,
  nextAttempt,
  type OpenAttempt,
  openAttempt,
  type Session,
  type SessionFields,
  type SessionPatch,
  sessionFields,
  type Upload,
} from './session.ts'
import { addUploadScript, claimScript, patchScript, renameScript } from './session-scripts.ts'

export interface SessionTimes {
  readonly idleSeconds: number
  readonly absoluteSeconds: number
}

/** What must hold at the moment of a write, whatever the session was when it was loaded. */
export type PatchGuard =
  /** The session is there. */
  | 'alive'
  /** No check is under way or on its way: what it is about must not change underneath it. */
  | 'no-attempt'
  /** This check, by its job id, is still the one under way. */
  | { readonly attempt: string }
  /** These ids, by the job's, are still the ones taken for the next check. */
  | { readonly claimed: string }

/** A session that has a place in the line. */
export interface TicketHolder {
  readonly device: string
  readonly ticket: HeldTicket
}

/** What an attempt is about, beside its id. */
export type Subject = 'submission' | 'details'

export type Claimed = NextAttempt | 'under-way' | 'changed'

/** Sessions in Redis. The key is a hash of the cookie, so that who reads Redis cannot take a session over. */
export interface SessionStore {
  create(device: string): Promise<Session>
  /** Undefined if there is no such session or its time is up. Renews the idle time. */
  load(id: string): Promise<Session | undefined>
  /** Only what the waiting page's poll needs: no parsing of the rest, no renewal. */
  loadAttempt(id: string): Promise<OpenAttempt | undefined>
  /** Only what the line's poll needs. Renews the idle time: who stands in line is here. */
  loadTicket(id: string): Promise<TicketHolder | undefined>
  /** False, and nothing written, if the guard does not hold any more. */
  patch(session: Session, patch: SessionPatch, guard?: PatchGuard): Promise<boolean>
  /**
   * Takes ids for a check of this document or these details. Two requests at once get the same ids, so that they end
   * in one attempt. `under-way` if another check is, or is on its way. `changed` if the session has ended or is not about
   * these any more.
   */
  claimAttempt(session: Session, wanted: NextAttempt, subject: Subject): Promise<Claimed>
  /** `full` if the session's submission has as many as it may have. `changed` if it is another one by now. */
  addUpload(session: Session, upload: Upload): Promise<'added' | 'full' | 'changed'>
  /** What an authenticator was asked last. It is asked once: another request finds nothing. */
  takeCeremony(session: Session): Promise<Ceremony | undefined>
  /** The sealed secret of an app that is being added. It is added once: another request finds nothing. */
  takeAppSecret(session: Session): Promise<string | undefined>
  /** The same session under a new id; the old id finds nothing any more. Undefined if it was rotated or ended meanwhile. */
  rotate(session: Session): Promise<Session | undefined>
  end(session: Session): Promise<void>
}

export function createSessionStore(
  redis: Redis,
  times: SessionTimes,
  now: () => number,
): SessionStore {
  const keepSeconds = (createdAt: number) => secondsToKeep(times, createdAt, now())

  return {
    async create(device) {
      const fields = { slot: randomId(), csrf: randomId(), createdAt: now(), device }
      const id = randomId()
      const commands = redis.multi().hset(keyOf(id), fields)
      await commands.expire(keyOf(id), keepSeconds(fields.createdAt)).exec()
      return { id, ...fields }
    },

    async load(id) {
      if (!isId(id)) return undefined
      const parsed = sessionFields.safeParse(await redis.hgetall(keyOf(id)))
      if (!parsed.success || keepSeconds(parsed.data.createdAt) <= 0) return undefined
      await redis.expire(keyOf(id), keepSeconds(parsed.data.createdAt))
      if (!isImageKeyStale(parsed.data, now())) return { id, ...parsed.data }
      await redis.hdel(keyOf(id), 'imageKey')
      return { id, ...parsed.data, imageKey: undefined }
    },

    async loadAttempt(id) {
      if (!isId(id)) return undefined
      const text = await redis.hget(keyOf(id), 'attempt')
      return text === null ? undefined : openAttempt.parse(JSON.parse(text))
    },

    loadTicket: (id) => loadTicket({ redis, times, now }, id),

    async patch({ id, slot, createdAt }, patch, guard = 'alive') {
      const { written, removed } = splitPatch(patch)
      const lists = [JSON.stringify(written), JSON.stringify(removed)]
      const done = await redis.eval(
        patchScript,
        1,
        keyOf(id),
        ...[slot, keepSeconds(createdAt), now(), ...splitGuard(guard), ...lists],
      )
      return done === 1
    },

    async claimAttempt({ id, slot, createdAt }, wanted, subject) {
      const reply = await redis.eval(
        claimScript,
        1,
        keyOf(id),
        ...[slot, keepSeconds(createdAt), now(), subject, JSON.stringify(wanted)],
      )
      if (reply === 'under-way' || reply === 'changed') return reply
      return nextAttempt.parse(JSON.parse(String(reply)))
    },

    async addUpload({ id, slot, submission }, upload) {
      const submissionId = submission?.submissionId ?? ''
      const reply = await redis.eval(
        addUploadScript,
        1,
        keyOf(id),
        ...[slot, submissionId, maxUploads, JSON.stringify(upload)],
      )
      return reply === 'added' || reply === 'full' ? reply : 'changed'
    },

    async takeCeremony({ id }) {
      const text = await takeField(redis, id, 'ceremony')
      return text === undefined ? undefined : ceremony.parse(JSON.parse(text))
    },

    takeAppSecret: ({ id }) => takeField(redis, id, 'appSecret'),

    async rotate(session) {
      const id = randomId()
      const renamed = await redis.eval(renameScript, 2, keyOf(session.id), keyOf(id))
      return renamed === 1 ? { ...session, id } : undefined
    },

    async end(session) {
      await redis.del(keyOf(session.id))
    },
  }
}

/** Of requests that come at once one gets it. */
async function takeField(
  redis: Redis,
  id: string,
  field: 'ceremony' | 'appSecret',
): Promise<string | undefined> {
  const taken = redis.multi().hget(keyOf(id), field).hdel(keyOf(id), field)
  const [, text] = (await taken.exec())?.[0] ?? []
  return typeof text === 'string' ? text : undefined
}

interface Store {
  readonly redis: Redis
  readonly times: SessionTimes
  readonly now: () => number
}

async function loadTicket(
  { redis, times, now }: Store,
  id: string,
): Promise<TicketHolder | undefined> {
  if (!isId(id)) return undefined
  // Both go to Redis in one batch; near the longest time of a session the second is put right below.
  const [[device, createdAt, ticket]] = await Promise.all([
    redis.hmget(keyOf(id), 'device', 'createdAt', 'ticket'),
    redis.expire(keyOf(id), times.idleSeconds),
  ])
  if (!device || !createdAt || !ticket) return undefined
  const seconds = secondsToKeep(times, Number(createdAt), now())
  if (seconds < times.idleSeconds) await redis.expire(keyOf(id), Math.max(0, seconds))
  return seconds <= 0 ? undefined : { device, ticket: heldTicket.parse(JSON.parse(ticket)) }
}

/** How long a check of a document can be repeated without new photos. */
const imageKeyMs = 15 * 60 * 1000

function isImageKeyStale({ imageKey, imagesSubmittedAt = 0 }: SessionFields, now: number): boolean {
  return imageKey !== undefined && now > imagesSubmittedAt + imageKeyMs
}

function secondsToKeep(times: SessionTimes, createdAt: number, now: number): number {
  const absoluteLeft = Math.floor((createdAt - now) / 1000) + times.absoluteSeconds
  return Math.min(times.idleSeconds, absoluteLeft)
}

/** What must hold, and the job id it names. */
function splitGuard(guard: PatchGuard): [string, string] {
  if (typeof guard === 'string') return [guard, '']
  return 'attempt' in guard ? ['attempt', guard.attempt] : ['claimed', guard.claimed]
}

/** Fields and values in turn, and the fields to remove. */
function splitPatch(patch: SessionPatch): { written: string[]; removed: string[] } {
  const written: string[] = []
  const removed: string[] = []
  for (const [field, value] of Object.entries(patch)) {
    if (value === undefined) removed.push(field)
    else written.push(field, typeof value === 'object' ? JSON.stringify(value) : String(value))
  }
  return { written, removed }
}

const isId = (value: string): boolean => idPattern.test(value)
const keyOf = (id: string): string => `session:${hashOfId(id)}`
