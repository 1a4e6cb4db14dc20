export interface ErrorFacts {
  /** The error's `code`, else its class name. */
  readonly code: string
  /** File, line and column that threw it. */
  readonly where?: string
}

/** What may be logged of an error nobody expected. Never its message: that may quote what the code was working on. */
export function errorFacts(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { code: 'NOT_AN_ERROR' }
  const where = throwPlace(error.stack)
  return { code: codeOf(error), ...(where && { where }) }
}

function codeOf(error: Error): string {
  if ('code' in error && typeof error.code === 'string' && /^[A-Z0-9_]{1,64}$/.test(error.code)) {
    return error.code
  }
  return /^[A-Za-z]{1,64}$/.test(error.name) ? error.name : 'UNKNOWN'
}

// A stack begins with the message, so only the shape `name.ts:12:3` of a frame is taken, never a line.
function throwPlace(stack = ''): string | undefined {
  return /^ {4}at .*?([\w.-]{1,80}\.[cm]?[jt]s:\d+:\d+)\)?$/m.exec(stack)?.[1]
}
