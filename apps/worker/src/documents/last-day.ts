/** American Samoa, where a day ends last among the states and territories. */
const lastOffsetMs = -11 * 60 * 60 * 1000

/**
 * The day that it still is somewhere in the United States, `YYYY-MM-DD`: a card is good until its last day is over
 * everywhere.
 */
export function lastDayAt(ms: number): string {
  return new Date(ms + lastOffsetMs).toISOString().slice(0, 10)
}
