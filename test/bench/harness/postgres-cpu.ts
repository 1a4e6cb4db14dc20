import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ProcessTimes, tickUs, timesOf } from './process-times.ts'

/** CPU time, in microseconds, that the Postgres of this data directory has used so far; undefined except on Linux. */
export function postgresCpuUs(dataDirectory: string): number | undefined {
  if (process.platform !== 'linux') return undefined
  const [line = ''] = readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')
  const postmaster = Number(line)
  let ticks = 0
  for (const times of allTimes()) {
    if (times.pid === postmaster) ticks += times.ownTicks + times.endedTicks
    if (times.parent === postmaster) ticks += times.ownTicks
  }
  return ticks * tickUs
}

function allTimes(): ProcessTimes[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(timesOf)
    .filter((times) => times !== undefined)
}
