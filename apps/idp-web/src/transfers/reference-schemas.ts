import { z } from 'zod'
import { type Html, html } from '../html.ts'
import { type Entry, entries, words } from './reference-parts.ts'

/** As much of a JSON Schema as is shown. */
const shown = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
  pattern: z.string().optional(),
  format: z.string().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  required: z.array(z.string()).default([]),
  properties: z.record(z.string(), z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  items: z.unknown().optional(),
})

/** One entry for each member, those of a member below it. */
export function schemaList(schema: object): Html {
  return entries(membersOf(schema, '', ''))
}

/** @param only For which of several alternatives they are. */
function membersOf(schema: unknown, prefix: string, only: string): Entry[] {
  const { properties = {}, required, oneOf = [], items } = shown.parse(schema)
  const own = Object.entries(properties).flatMap(([name, member]) => {
    const path = `${prefix}${name}`
    const must = required.includes(name) ? ', required' : ''
    const entry = { name: path, kind: `${typeOf(member)}${must}${only}`, about: aboutOf(member) }
    return [entry, ...membersOf(member, `${path}.`, only)]
  })
  const ofItems = items === undefined ? [] : membersOf(items, prefix.replace(/\.$/, '[].'), only)
  return [...own, ...ofItems, ...oneOf.flatMap((one) => membersOf(one, prefix, onlyFor(one)))]
}

/** By the member that tells alternatives apart. */
function onlyFor(alternative: unknown): string {
  const { properties = {} } = shown.parse(alternative)
  const constants = Object.values(properties).flatMap((it) => shown.parse(it).const ?? [])
  return constants.length === 0 ? '' : `; if the type is ${constants.join(', ')}`
}

/** What a schema says in words, and what it says in rules. */
export function aboutOf(schema: unknown): Html {
  const { description, pattern, maxLength, minimum, maximum, format } = shown.parse(schema)
  const rules = [
    format !== undefined && html`Format <code>${format}</code>.`,
    maxLength !== undefined && `${maxLength} characters at most.`,
    isRange(minimum, maximum) && `${minimum} to ${maximum}.`,
    format === undefined && pattern !== undefined && html`Pattern <code>${pattern}</code>`,
  ].filter((rule) => rule !== false)
  return html`${description !== undefined && words(description)} ${rules.map((rule) => html`${rule} `)}`
}

function isRange(minimum: number | undefined, maximum: number | undefined): boolean {
  return minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
}

export function typeOf(schema: unknown): string {
  const {
    type,
    enum: values,
    const: only,
    anyOf,
    oneOf,
    items,
    default: given,
  } = shown.parse(schema)
  const alternatives = anyOf ?? oneOf
  if (alternatives) return [...new Set(alternatives.map(typeOf))].join(' or ')
  const kind =
    values?.map(String).join(', ') ??
    (only === undefined ? type && [type].flat().join(' or ') : `"${only}"`) ??
    'anything'
  const list = items === undefined ? kind : `list of ${typeOf(items)}`
  return given === undefined ? list : `${list}; ${JSON.stringify(given)} if left out`
}
