import { actOnJob, type JobAction } from '@anteroom/operations'
import type { OpsDeps } from './deps.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'

export interface JobOrder {
  readonly action: JobAction
  readonly actor: string
  readonly jobId: string
}

/** `pnpm ops job retry|discard|release`. */
export async function act({ db, say }: OpsDeps, { action, ...whose }: JobOrder): Promise<ExitCode> {
  const { words, isInEffect } = await actOnJob(db, action, whose)
  say(words)
  return isInEffect ? exitCodes.inEffect : exitCodes.failed
}
