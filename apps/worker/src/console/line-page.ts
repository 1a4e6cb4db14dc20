import { type Html, html } from '@anteroom/html'
import type { QuotaState } from '@anteroom/job-channel'
import { type LineCounts, longestLineMessage } from '@anteroom/operations'
import type { ConsolePage, View } from './layout.ts'
import { facts, moment } from './show.ts'

/** The line for credentials: what it is like, and what people in it are told. */
export function linePage(
  { line, quota }: { readonly line: LineCounts; readonly quota: QuotaState | undefined },
  view: View,
): ConsolePage {
  const isDrained = line.mode === 'drained'
  const content = html`${facts([
    ['In line', line.waiting ?? 0],
    ['Called', line.called ?? 0],
    ['Parked', line.parked ?? 0],
    ['Wait of who joins now', waitOf(line)],
    ['Measured', line.measured_at === null ? 'never' : moment(line.measured_at, view)],
    ['Issued in the last minute', line.issued_last_minute],
    ['Rate', quota ? rateOf(quota) : notPublished],
    ['Calling', quota ? callingOf(quota, view) : notPublished],
    ['Joining', isDrained ? 'nobody new: the line is drained' : 'open'],
    ['Message', line.message ?? 'none'],
  ])}
      <p class="actions">
        ${
          isDrained
            ? html`<a class="button" href="/console/line/open">Let people join again</a>`
            : html`<a class="button danger" href="/console/line/drain">Drain: let nobody new join</a>`
        }
      </p>
      <h2>Message to everybody in line</h2>
      <form class="wide" method="get" action="/console/line/message">
        <label>One line of up to ${longestLineMessage} characters; empty takes the message away
          <textarea name="message" maxlength="${longestLineMessage}">${line.message}</textarea>
        </label>
        <p><button class="button">Tell them</button></p>
      </form>
      <h2>Rate, pause, resume</h2>
      <p>These are sealed orders to the workers, and a worker cannot seal what it opens. Give them by <code>pnpm ops line rate</code>, <code>pnpm ops line pause</code> and <code>pnpm ops line resume</code>.</p>`
  return { title: 'Line', content }
}

const notPublished = 'not known: no worker has published it, or Redis is out of reach'

function waitOf(line: LineCounts): string {
  const { wait_low_seconds: low, wait_likely_seconds: likely, wait_high_seconds: high } = line
  return likely === null
    ? 'not known'
    : `likely ${likely} s; in nine of ten cases ${low} to ${high} s`
}

function rateOf({ callsPerSecond }: QuotaState): string {
  const rounded = (value: number): number => Math.round(value * 100) / 100
  return callsPerSecond >= 1
    ? `${rounded(callsPerSecond)} calls a second`
    : `${rounded(callsPerSecond * 60)} calls a minute`
}

function callingOf({ stopped, pausedUntil }: QuotaState, view: View): Html | string {
  if (stopped) return 'paused by an operator'
  if (pausedUntil === undefined) return 'goes on'
  return html`paused by the registry until ${moment(new Date(pausedUntil), view)}`
}
