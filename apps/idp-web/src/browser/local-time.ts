/*
 * Shows moments in the time zone of the person, in the language of the page.
 */

const ofDay = { hour: 'numeric', minute: '2-digit', timeZoneName: 'short' } as const
const full = { month: 'long', day: 'numeric', ...ofDay } as const

for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-local-time]')) {
  const parts = time.dataset.localTime === 'of-day' ? ofDay : full
  const format = new Intl.DateTimeFormat(document.documentElement.lang, parts)
  time.textContent = format.format(new Date(time.dateTime))
}
