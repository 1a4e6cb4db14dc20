import { fields } from '@anteroom/job-contracts'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { decide } from './decision.ts'
import { readFixture } from './documents/fixture.ts'
import { toDocumentsCase } from './documents/request.ts'
import { mailScenarios } from './mail/mail-scenarios.ts'
import { scenarioGroups } from './scenario-groups.ts'
import { couldBeReal, scenarios, slowMs } from './scenarios.ts'

const canonical = {
  ssn: fields.ssn,
  first_name: fields.personName,
  state_id_number: fields.stateIdNumber,
  phone: fields.phone,
  vendor: z.string().transform((line) => readFixture(line)?.vendor),
}

test.each(scenarios)(
  '$input can be typed into the form and does what the table says',
  (scenario) => {
    const { field, input, vendors, effect } = scenario
    const value = canonical[field].parse(input) ?? ''

    for (const vendor of vendors) {
      const decision = decide(vendor, { [field]: value })
      if (effect === 'slow') expect(decision).toEqual({ takesMs: 5_000, effect: 'match' })
      else expect(decision).toEqual({ takesMs: 0, effect })
    }
  },
)

test.each([
  ['000123456', false],
  ['666123456', false],
  ['900123456', false],
  ['999999999', false],
  ['123004567', false],
  ['123450000', false],
  ['123456789', true],
  ['899999999', true],
  ['001010001', true],
])('whether %s could be somebody’s: %s', (ssn, real) => {
  expect(couldBeReal(ssn)).toBe(real)
})

test.each([
  ['Slow 0', 0],
  ['slow 120', 120_000],
  ['Slow 65', 65_000],
  ['Slow 121', 0],
  ['Slow', 0],
  ['Slowik', 0],
])('%s takes %i ms', (first_name, takesMs) => {
  expect(decide('address', { first_name }).takesMs).toBe(takesMs)
  if (takesMs) expect(slowMs(first_name)).toBe(takesMs)
})

test('a slow person goes on to what the other values say', () => {
  expect(decide('resolution', { first_name: 'Slow 2', ssn: '987654321' })).toEqual({
    takesMs: 2_000,
    effect: 'no-match',
  })
})

test('a person of whom nothing is magic matches', () => {
  expect(decide('resolution', { first_name: 'Maria', ssn: '900123456' }).effect).toBe('match')
  expect(decide('state-id', { first_name: 'Maria', state_id_number: 'A1' }).effect).toBe('match')
  expect(decide('address', { first_name: 'Maria', phone: '+17035551234' }).effect).toBe('match')
})

test('the page lists every value once, group by group, and says how each is given', () => {
  const groups = scenarioGroups()
  const values = groups.flatMap((group) => group.values)

  expect(values).toHaveLength(scenarios.length + mailScenarios.length)
  expect(new Set(values.map(({ input }) => input)).size).toBe(values.length)
  expect(groups.filter(({ hint, values }) => hint === '' || values.length === 0)).toEqual([])
})

const inFiles = scenarioGroups().flatMap(({ values }) => values.flatMap(({ file }) => file ?? []))

test('what nobody types has a file of its own', () => {
  const untyped = scenarios.filter(({ field }) => field !== 'ssn' && field !== 'phone')

  expect(new Set(inFiles.map(({ name }) => name)).size).toBe(untyped.length)
})

test.each(inFiles)('$name makes the sandbox read what it names', ({ name, text }) => {
  const data = Buffer.from(text).toString('base64')
  const image = { content_type: 'text/yaml', data }
  const { question, script } = toDocumentsCase({
    document_type: 'drivers-license',
    images: [
      { ...image, side: 'front' },
      { ...image, side: 'back' },
    ],
  })

  const said = { ...question, ...(script.kind === 'read' && script.document) }
  const slugs = Object.values(said).map((value = '') => value.toLowerCase().replaceAll(' ', '-'))
  expect(slugs).toContain(name.replace(/^vendor-|\.yaml$/g, ''))
})
