/** The server does not know where a person is, so it goes by the U.S. East coast. */
const timeZone = 'America/New_York'

/** January to December, as the language writes them. */
export function monthNames(language: string): readonly string[] {
  const format = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' })
  return Array.from({ length: 12 }, (_, month) => format.format(Date.UTC(2000, month, 1)))
}

/** A calendar day, in full. @param date `YYYY-MM-DD` */
export function longDate(language: string, date: string): string {
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' })
  return format.format(new Date(`${date}T00:00:00Z`))
}

/** The day of a moment, in full. As {@link dateAndTime} says it. */
export function dayOf(language: string, moment: number): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone }).format(moment)
}

/** A time of this day, where one that is a few minutes away is meant. As {@link dateAndTime} says it. */
export function timeOfDay(language: string, moment: number): string {
  const format = new Intl.DateTimeFormat(language, {
    hour: 'numeric',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  })
  return format.format(moment)
}

/**
 * A moment, with the name of its time zone, in whose place the browser puts the person's own.
 */
export function dateAndTime(language: string, moment: number): string {
  const format = new Intl.DateTimeFormat(language, {
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  })
  return format.format(moment)
}
