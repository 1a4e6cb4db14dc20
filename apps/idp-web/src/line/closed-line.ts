import type { Line } from './line.ts'

/** A line that nobody is in and nobody is let into. */
export function createClosedLine(): Line {
  const nobody = async () => ({ state: 'gone', why: 'lapsed' }) as const
  const nothing = async () => undefined
  return {
    join: async () => ({ state: 'closed' }),
    standing: nobody,
    look: nobody,
    away: nothing,
    leave: nothing,
    comeBack: nobody,
    end: nothing,
    takeUp: nothing,
    overview: async () => ({ inLine: 0, open: false }),
    applyReports: nothing,
  }
}
