/** The last thing that was said aloud of a person's place, and when (milliseconds). */
export interface Said {
  readonly at: number
  readonly ahead: number
}

const mostOftenMs = 60_000
const nearTheFront = 10

/**
 * Whether the place is worth saying aloud: when ten people are left, when nobody is, and otherwise at most once a minute,
 * so that nobody is talked to all the time.
 */
export function isNews(ahead: number, now: number, last: Said | undefined): boolean {
  if (!last) return true
  if (ahead === last.ahead) return false
  const passes = (mark: number): boolean => last.ahead > mark && ahead <= mark
  return passes(0) || passes(nearTheFront) || now - last.at >= mostOftenMs
}

/** The place as it is shown: it never rises, whoever comes back to a place in front. */
export function shownAhead(ahead: number, shownBefore: number): number {
  return Math.min(ahead, shownBefore)
}

/** The title of the tab for who wants to be told: how many are ahead, or a mark that the credential is there. */
export function noticeTitle(title: string, what: number | 'ready' | undefined): string {
  if (what === undefined) return title
  return what === 'ready' ? `✓ ${title}` : `(${what}) ${title}`
}
