import { mailScenarios } from './mail/mail-scenarios.ts'
import { type Scenario, scenarios } from './scenarios.ts'

/** Values that a person gives in the same way, as a page shows them. */
export interface ScenarioGroup {
  readonly title: string
  /** How they are given. */
  readonly hint: string
  readonly values: readonly ScenarioValue[]
}

export interface ScenarioValue {
  readonly input: string
  readonly effect: string
  /** Makes the sandbox read the value from an ID; for values that nobody types. */
  readonly file?: { readonly name: string; readonly text: string }
}

/** The table of magic values, in the order in which a newcomer meets them. */
export function scenarioGroups(): ScenarioGroup[] {
  const ofVendors = Object.entries(hints).map(([title, hint]) => ({
    title,
    hint,
    values: scenarios.filter(({ group }) => group === title).map(toValue),
  }))
  return [...ofVendors, { title: 'E-mail address', hint: typed, values: mailScenarios }]
}

const typed = 'Type it where you are asked for it.'
const chosen = 'Save a file and choose it instead of each photo.'

const hints = {
  'Social Security number': typed,
  'First name': `It is read from the ID, so you do not type it. ${chosen}`,
  'License number': `It is read from the ID. ${chosen} After a passport, you can type it.`,
  Phone: typed,
  'Document file': `The file is sent to the document vendor. ${chosen}`,
  Developers: `More first names, for those who work on the code. ${chosen}`,
} satisfies Record<Scenario['group'], string>

function toValue({ field, input, description: effect }: Scenario): ScenarioValue {
  const text = fileText(field, input)
  if (text === undefined) return { input, effect }
  const name = `${input.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.yaml`
  return { input, effect, file: { name, text } }
}

/** Undefined for what no ID says. */
function fileText(field: Scenario['field'], input: string): string | undefined {
  switch (field) {
    case 'first_name':
    case 'state_id_number':
      return `document:\n  ${field}: ${input}\n`
    case 'vendor':
      return `${input}\n`
    case 'ssn':
    case 'phone':
      return undefined
  }
}
