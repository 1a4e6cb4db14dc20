import pino from 'pino'
import { type LogFields, listedFields } from './log-fields.ts'

export const logLevels = ['debug', 'info', 'warn', 'error'] as const

export type LogLevel = (typeof logLevels)[number]

/** What happened, as `subject.happening`, written out where it is logged: `job.done`. */
export type LogEvent = `${string}.${string}`

export type Log = {
  readonly [Level in LogLevel]: (event: LogEvent, fields?: LogFields) => void
}

export interface LogOptions {
  readonly service: string
  readonly level: LogLevel
  /** Written in addition to standard output, such as `log/production.log`. */
  readonly file?: string | undefined
  /** Instead of standard output. */
  readonly output?: { write(line: string): void } | undefined
}

/** One JSON object per line: level, time (ISO 8601, UTC), service, the fields of `logFieldTypes`, the event as `msg`. */
export function createLog({ service, level, file, output }: LogOptions): Log {
  const logger = pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination(file, output),
  )
  const write =
    (at: LogLevel): Log[LogLevel] =>
    (event, fields = {}) =>
      logger[at](listedFields(fields), eventName(event))
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

// Written at once, not collected: the last lines before a crash are the ones that are needed.
function destination(
  file: string | undefined,
  output: pino.DestinationStream = pino.destination({ fd: 1, sync: true }),
): pino.DestinationStream {
  if (file === undefined) return output
  const fileOutput = pino.destination({ dest: file, mkdir: true, sync: true })
  // A full disk stops the file, not the service; standard output goes on.
  fileOutput.on('error', () => {})
  const streams = [output, fileOutput].map((stream) => ({ stream, level: logLevels[0] }))
  return pino.multistream(streams)
}

/** An event is a name from the code. Anything else may carry what nobody listed. */
function eventName(event: string): string {
  return /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/.test(event) ? event.slice(0, 200) : 'log.bad-event'
}
