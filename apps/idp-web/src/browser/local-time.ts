/*
 * Shows moments in the time zone of the person, in the language of the page.
 */

const format = new Intl.DateTimeFormat(document.documentElement.lang, {
  month: 'long',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
})

for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-local-time]')) {
  time.textContent = format.format(new Date(time.dateTime))
}
