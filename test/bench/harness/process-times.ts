import { readFileSync } from 'node:fs'

/** Linux counts process times in ticks of this many microseconds (USER_HZ is 100 on every architecture). */
export const tickUs = 10_000

export interface ProcessTimes {
  readonly pid: number
  readonly parent: number
  readonly ownTicks: number
  /** Of children that have ended and were waited for. */
  readonly endedTicks: number
}

/** Undefined if there is no such process, or the system does not tell. */
export function timesOf(pid: string | number): ProcessTimes | undefined {
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
    return undefined
  }
}
