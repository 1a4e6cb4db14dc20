import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Linux counts process times in ticks of this many microseconds (USER_HZ is 100 on every architecture). */
const tickUs = 10_000

interface ProcessTimes {
  readonly pid: number
  readonly parent: number
  readonly ownTicks: number
  /** Of children that have ended and were waited for. */
  readonly endedTicks: number
}

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

function timesOf(pid: string): ProcessTimes | undefined {
  try {
    // proc_pid_stat(5): the name may hold spaces; after its closing parenthesis fields are counted from 3.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const field = (number: number) => Number(fields[number - 3])
    return {
      pid: Number(pid),
      parent: field(4),
      ownTicks: field(14) + field(15),
      endedTicks: field(16) + field(17),
    }
  } catch {
    // It ended while we looked.
    return undefined
  }
}
