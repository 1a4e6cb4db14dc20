import { z } from 'zod'
import { type SettingFacts, settingFacts } from './setting-facts.ts'
import { type SettingNames, settingNames } from './setting-names.ts'

export interface SettingRow extends SettingNames {
  /** In words: `whole number, 1 to 65535`. */
  readonly type: string
  /** As written in a settings file; `undefined` if there is none. Never that of a secret. */
  readonly default: string | undefined
  readonly required: boolean
  readonly secret: boolean
  readonly description: string
  /** Another name that it has in a settings file. */
  readonly alias: string | undefined
}

/** What the schema says of each setting, for `docs/configuration.md`: `.describe()`, `.meta({ secret: true })`, `.default()`. */
export function settingsTable(schema: z.ZodObject): readonly SettingRow[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const facts = settingFacts(field)
    const leftOut = z.safeParse(field, undefined)
    return {
      ...settingNames(name),
      type: typeInWords(facts),
      default: facts.secret ? undefined : asWritten(leftOut.data),
      required: !leftOut.success,
      secret: facts.secret,
      description: facts.description,
      alias: facts.alias,
    }
  })
}

function asWritten(value: unknown): string | undefined {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function typeInWords({ type, format, enum: options, shownAs }: SettingFacts): string {
  if (shownAs) return shownAs
  if (options) return options.join(' or ')
  if (format === 'uri') return 'URL'
  if (type === undefined) return 'text'
  return [type]
    .flat()
    .map((word) => words.get(word) ?? word)
    .join(' or ')
}

const words = new Map([
  ['string', 'text'],
  ['integer', 'whole number'],
  ['boolean', 'true or false'],
  ['array', 'list'],
  ['object', 'names and values'],
])
