import { z } from 'zod'
import type { WebDeps } from '../deps.ts'

/** Whose it is, for the log. */
interface Owned {
  readonly consumerId?: string
  readonly jobId?: string
}

/**
 * One after the other, and none is held up by another one that fails. What would fail at every try is logged and left; all else that
 * failed is thrown once each has had its turn, so that it is tried again.
 */
export async function inTurn<One extends Owned>(
  { log }: Pick<WebDeps, 'log'>,
  all: readonly One[],
  act: (one: One) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = []
  for (const one of all) {
    try {
      await act(one)
    } catch (error) {
      const { consumerId: consumer, jobId } = one
      if (isLasting(error)) log.error('transfers.left', { consumer, jobId })
      else failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

/** Whether what was given is wrong, and nothing is out of reach. Of Postgres: bad data, broken constraints and `raise`. */
function isLasting(error: unknown): boolean {
  if (error instanceof z.ZodError || error instanceof TypeError || error instanceof RangeError)
    return true
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code === 'SEAL_UNOPENABLE' || /^(?:22|23|P0)[0-9A-Z]{3}$/.test(code)
}
