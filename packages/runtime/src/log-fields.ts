/**
 * Every field a log line may have besides level, time, service and event. A name that is not here is
 * dropped, and so is a value of another type: what is listed can be reviewed, what is passed cannot.
 */
export const logFieldTypes = {
  attempt: 'number',
  code: 'string',
  consumer: 'string',
  correlationId: 'string',
  count: 'number',
  delayMs: 'number',
  destination: 'string',
  durationMs: 'number',
  environment: 'string',
  event: 'string',
  job: 'string',
  jobId: 'string',
  jti: 'string',
  keyId: 'string',
  method: 'string',
  outcome: 'string',
  partner: 'string',
  port: 'number',
  queueDelayMs: 'number',
  reason: 'string',
  requestId: 'string',
  route: 'string',
  signal: 'string',
  status: 'number',
  step: 'string',
  traceId: 'string',
  transferId: 'string',
  vendor: 'string',
  where: 'string',
  workerId: 'string',
} as const satisfies Record<string, 'string' | 'number'>

type FieldTypes = typeof logFieldTypes

export type LogFields = {
  readonly [Name in keyof FieldTypes]?:
    | (FieldTypes[Name] extends 'string' ? string : number)
    | undefined
}

/** The listed fields alone, as what they are listed as, texts made safe to print. */
export function listedFields(fields: LogFields): Record<string, string | number> {
  const listed: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (!isListed(name) || typeof value !== logFieldTypes[name]) continue
    if (typeof value === 'string') listed[name] = printable(value)
    if (Number.isFinite(value)) listed[name] = Number(value)
  }
  return listed
}

function isListed(name: string): name is keyof FieldTypes {
  return Object.hasOwn(logFieldTypes, name)
}

const maxLength = 200

// JSON escapes the controls below U+0020. These it leaves as they are, and a terminal obeys some of them.
const unescapedControls = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu

function printable(text: string): string {
  return text.slice(0, maxLength).replace(unescapedControls, '\ufffd')
}
