import { BadCommandError, type Resigned } from './command.ts'
import type { Options } from './command-options.ts'

/** So many are written into the audit in one line. */
const maxEvents = 500

/** @throws BadCommandError unless it says which: everything there is is never meant. */
export function parseResigned(
  jtis: readonly string[],
  { partner, since }: Pick<Options, 'partner' | 'since'>,
): Resigned {
  if (jtis.length > 0) {
    const isNamed = jtis.length <= maxEvents && jtis.every((jti) => /^[0-9a-f]{32}$/.test(jti))
    if (isNamed && partner === undefined && since === undefined) return { jtis: [...new Set(jtis)] }
    throw new BadCommandError(`Name up to ${maxEvents} events by jti alone: 32 characters each.`)
  }
  if (partner === undefined) throw new BadCommandError('Name events by jti, or say --partner.')
  if (since === undefined) return { partner }
  const from = new Date(since)
  if (!Number.isNaN(from.getTime())) return { partner, since: from }
  throw new BadCommandError('--since is a moment such as 2026-11-23T14:00:00Z.')
}
