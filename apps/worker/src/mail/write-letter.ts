import type { Jobs, PayloadOf } from '@anteroom/job-contracts'
import type { Letter } from '@anteroom/vendor-clients'
import { type Part, toHtml, toText } from './layout.ts'
import { englishWords, factNames, factorNames, footer, linkLasts } from './words.ts'

type Mail = PayloadOf<Jobs['emailDelivery']>

/** An e-mail as it is read. @param service What this service calls itself. */
export function writeLetter(mail: Mail, service: string): Letter {
  const { subject, paragraphs, action, after } = englishWords[mail.template]
  const parts: Part[] = [
    ...paragraphs(service).map(text),
    ...facts(mail),
    ...link(mail, action),
    ...after.map(text),
    { kind: 'small', lines: footer(service) },
  ]
  const { to, language } = mail
  return { to, subject, text: toText(parts), html: toHtml(parts, { title: subject, language }) }
}

function text(words: string): Part {
  return { kind: 'text', words }
}

function link({ link: href, values }: Mail, label: string): Part[] {
  const lasts = values?.minutes === undefined ? [] : [text(linkLasts(values.minutes))]
  return [{ kind: 'link', href, label }, ...lasts]
}

function facts({ values = {} }: Mail): Part[] {
  const rows = Object.entries(factNames).flatMap(([key, name]) => {
    const shown = shownAs(key, values[key])
    return shown === undefined ? [] : [[name, shown] as const]
  })
  return rows.length === 0 ? [] : [{ kind: 'facts', rows }]
}

function shownAs(key: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  if (key === 'factor') return factorNames[value] ?? value
  return key === 'at' ? inWords(value) : value
}

const moment = new Intl.DateTimeFormat('en-US', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** `November 23, 2026 at 1:05 PM UTC`; undefined for what is no moment. Nothing is known of where it is read. */
function inWords(iso: string): string | undefined {
  const at = new Date(iso)
  return Number.isNaN(at.getTime()) ? undefined : `${moment.format(at)} UTC`
}
