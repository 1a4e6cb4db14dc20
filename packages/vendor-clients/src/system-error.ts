/** What Node's errors carry besides a message, of which nothing may be believed. */
export interface SystemError extends Error {
  readonly code?: unknown
  readonly syscall?: unknown
  readonly statusCode?: unknown
}

/** Follows the causes down to one that is ours, or to the last. */
export function innermost(thrown: unknown, isOurs = (_error: Error) => false): SystemError {
  if (!(thrown instanceof Error)) return new Error()
  if (isOurs(thrown) || !(thrown.cause instanceof Error)) return thrown
  return innermost(thrown.cause, isOurs)
}

/** Its code, if that is one: a word in a log that holds nothing else. */
export function codeOf({ code }: SystemError): string {
  return typeof code === 'string' && /^[\w/]{1,60}$/.test(code) ? code : 'UNKNOWN'
}
