/**
 * For `catch` behind the opening of something sealed: undefined for what does not open and never will. While keys cannot be
 * reached it throws on: what waits for it is to be tried again.
 */
export function ifUnopenable(error: unknown): undefined {
  const isLasting = error instanceof Error && 'code' in error && error.code === 'SEAL_UNOPENABLE'
  if (!isLasting) throw error
}
