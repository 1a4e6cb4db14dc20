/** Dates are `YYYY-MM-DD`, in which form they compare as text. */

/** Whether the calendar has such a day, of the last or this century. */
export function isRealDate(isoDate: string): boolean {
  const [year = 0, month = 0, day = 0] = isoDate.split('-').map(Number)
  const date = new Date(Date.UTC(year, month - 1, day))
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return same && year >= 1900 && year < 2100
}

/** Whether someone born then is this old on that day. Born on 29 February, one is older on 1 March. */
export function hasReachedAge(dateOfBirth: string, years: number, today: string): boolean {
  const birthYear = Number(dateOfBirth.slice(0, 4))
  return `${birthYear + years}${dateOfBirth.slice(4)}` <= today
}
