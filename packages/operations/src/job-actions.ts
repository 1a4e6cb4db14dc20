import type { Db } from '@anteroom/job-channel'

/**
 * What an operator does to one job, written into the audit in the statement that does it. `retry`: it begins as soon as a
 * worker has a place. `discard`: it ends as cancelled. `release`: it is taken from a worker that is dead.
 */
export const jobActions = ['retry', 'discard', 'release'] as const
export type JobAction = (typeof jobActions)[number]

const statements = {
  retry: 'select ops.retry_job($1, $2) as answer',
  discard: 'select ops.discard_job($1, $2) as answer',
  release: 'select ops.release_job($1, $2) as answer',
} satisfies Record<JobAction, string>

export async function actOnJob(
  db: Db,
  action: JobAction,
  { actor, jobId }: { readonly actor: string; readonly jobId: string },
): Promise<JobAnswer> {
  const { rows } = await db.query<{ answer: string }>(statements[action], [actor, jobId])
  return readJobAnswer(action, rows[0]?.answer ?? 'gone') ?? answerOf(action, 'gone')
}

export interface JobAnswer {
  /** As the database gives it. */
  readonly answer: string
  readonly isInEffect: boolean
  readonly words: string
}

/** Undefined if the action has no such answer. */
export function readJobAnswer(action: JobAction, answer: string): JobAnswer | undefined {
  return Object.hasOwn(words[action], answer) ? answerOf(action, answer) : undefined
}

function answerOf(action: JobAction, answer: string): JobAnswer {
  const said: Readonly<Record<string, string>> = words[action]
  const text = said[answer] ?? ''
  return { answer, isInEffect: text.startsWith('In effect'), words: text }
}

const notQueued = 'Nothing was done: it is not in the queue.'

const words = {
  retry: {
    retried: 'In effect: it begins as soon as a worker has a place.',
    ready: 'Nothing was done: nothing keeps it from starting. Is a worker ready?',
    running: 'Nothing was done: a worker is at it.',
    gone: notQueued,
  },
  discard: {
    discarded: 'In effect: it has ended as cancelled. Whoever waits for it is told within seconds.',
    running: 'Nothing was done: a worker is at it. If that worker is dead, release the job first.',
    ended: 'Nothing was done: it has ended already.',
    gone: 'Nothing was done: nobody knows this job.',
  },
  release: {
    released: 'In effect: another worker may take it.',
    alive: 'Nothing was done: the worker that holds it is not dead.',
    free: 'Nothing was done: nobody holds it.',
    gone: notQueued,
  },
} satisfies Record<JobAction, Readonly<Record<string, string>>>
