import type { QuotaState } from '@anteroom/job-channel'
import { auditedBefore, type LineCounts, lineCountsOf } from '@anteroom/operations'
import type { OpsDeps } from './deps.ts'
import { toSecond } from './to-second.ts'

export async function showStatus({ db, quota, say }: OpsDeps): Promise<void> {
  const line = await lineCountsOf(db)
  const registry = await quota(line.now.getTime())
  const rows = [
    ['in line', String(line.waiting ?? 0)],
    ['called', String(line.called ?? 0)],
    ['parked', String(line.parked ?? 0)],
    ['wait of who joins now', waitOf(line)],
    ['measured', line.measured_at === null ? 'never' : toSecond(line.measured_at)],
    ['issued in the last minute', String(line.issued_last_minute)],
    ['rate', registry ? rateOf(registry) : notPublished],
    ['calling', registry ? callingOf(registry) : notPublished],
    ['joining', line.mode],
    ['message', line.message === null ? 'none' : JSON.stringify(line.message)],
  ]
  for (const [name = '', value = ''] of rows) say(`${name.padEnd(27)}${value}`)
}

function waitOf(line: LineCounts): string {
  const { wait_low_seconds: low, wait_likely_seconds: likely, wait_high_seconds: high } = line
  return likely === null
    ? 'not known'
    : `likely ${likely} s; in nine of ten cases ${low} to ${high} s`
}

const notPublished = 'not known: no worker has published it, or Redis is out of reach'

function rateOf({ callsPerSecond }: QuotaState): string {
  const perMinute = callsPerSecond * 60
  return callsPerSecond >= 1
    ? `${rounded(callsPerSecond)} calls a second`
    : `${rounded(perMinute)} calls a minute`
}

const rounded = (value: number): string => String(Math.round(value * 100) / 100)

function callingOf({ stopped, pausedUntil }: QuotaState): string {
  if (stopped) return 'paused by an operator'
  if (pausedUntil === undefined) return 'goes on'
  return `paused until ${toSecond(new Date(pausedUntil))}, as the registry asked`
}

export async function showAudit({ db, say }: OpsDeps, count: number): Promise<void> {
  for (const entry of await auditedBefore(db, count)) {
    const { at, actor, command } = entry
    const job = entry.job_id === null ? '' : `  job ${entry.job_id}`
    say(`${toSecond(at)}  ${actor}  ${command}  ${JSON.stringify(entry.arguments)}${job}`)
  }
}
