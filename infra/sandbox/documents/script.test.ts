import { documentReasons } from '@anteroom/job-contracts'
import { expect, test } from 'vitest'
import { alertNamed } from './alerts.ts'
import { readFixture } from './fixture.ts'
import { toDocumentsCase } from './request.ts'
import { scriptOf } from './script.ts'

const read = (yaml: string) => scriptOf('drivers-license', readFixture(yaml))
const alertsOf = (yaml: string) => {
  const script = read(yaml)
  return script.kind === 'refused' ? script.alerts : script
}

test('a photo is read as the sandbox’s own person, whatever it shows', () => {
  expect(scriptOf('passport', undefined)).toMatchObject({
    kind: 'read',
    barcode: 'read',
    document: { type: 'passport', first_name: 'Fakey', issuer: 'USA' },
  })
})

test.each([
  [
    'poor resolution',
    'image_metrics: { front: { HorizontalResolution: 50 } }',
    'front',
    'too-small',
  ],
  ['poor sharpness', 'image_metrics: { back: { SharpnessMetric: 9 } }', 'back', 'blurred'],
  ['glare', 'image_metrics: { back: { GlareMetric: 9 } }', 'back', 'glare'],
  ['an alert', 'failed_alerts: [{ name: 2D Barcode Content }]', 'back', 'barcode-invalid'],
  ['a crosscheck', 'failed_alerts: [{ name: Full Name Crosscheck }]', 'both', 'sides-differ'],
  ['an alert nobody knows', 'failed_alerts: [{ name: Odd }]', 'front', 'not-a-document'],
  ['a failure without a reason', 'doc_auth_result: Failed', 'front', 'not-a-document'],
  ['a failed transaction', 'transaction_status: failed', 'front', 'not-a-document'],
  ['a class', 'classification_info: { Back: { ClassName: Tribal } }', 'back', 'wrong-type'],
  [
    'another country',
    'classification_info: { Front: { CountryCode: CAN } }',
    'front',
    'wrong-type',
  ],
  [
    'a failed passport',
    'passport_check_result: { PassportCheckResult: Fail }',
    'front',
    'mrz-invalid',
  ],
  ['status 438', 'http_status: 438', 'both', 'damaged'],
  ['status 439', 'http_status: 439', 'both', 'wrong-file'],
  ['status 440', 'http_status: 440', 'both', 'too-small'],
])('%s is refused', (...[, yaml, side, reason]) => {
  expect(alertsOf(yaml)).toEqual([{ side, reason }])
})

test('what a fixture says of its images does not matter once the document has passed', () => {
  const yaml = 'doc_auth_result: Passed\nimage_metrics: { front: { GlareMetric: 1 } }'

  expect(read(yaml)).toMatchObject({ kind: 'read' })
})

test('several alerts are all told', () => {
  const yaml = 'failed_alerts: [{ name: 2D Barcode Read }, { name: Document Expired }]'

  expect(alertsOf(yaml)).toMatchObject([{ reason: 'barcode-unreadable' }, { reason: 'expired' }])
})

test('any other status is the vendor’s own', () => {
  expect(read('http_status: 500')).toEqual({ kind: 'status', status: 500 })
})

test('a passport fixture gives what a passport says', () => {
  const script = scriptOf(
    'passport',
    readFixture(`document:
  first_name: Joe
  last_name: Dokes
  dob: 10/06/1938
  id_doc_type: passport
  passport_expiration: '2030-03-15'
  issuing_country_code: USA
  document_number: '000000'
`),
  )

  expect(script).toMatchObject({
    kind: 'read',
    document: {
      type: 'passport',
      first_name: 'Joe',
      date_of_birth: '1938-10-06',
      number: '000000',
      expires_on: '2030-03-15',
    },
  })
})

test.each([
  ['no YAML', 'a: b: c: ['],
  ['a list', '- a'],
  ['a text', 'hello'],
  ['an address', 'data:image/jpeg;base64,AAAA'],
  ['a bomb of aliases', bomb()],
])('%s is no fixture, and the file is refused', (_what, text) => {
  expect(caseOf([['front', 'text/yaml', text]]).script).toEqual({
    kind: 'refused',
    alerts: [{ side: 'both', reason: 'wrong-file' }],
  })
})

test('of two fixtures the back decides, and a photo leaves it to the other', () => {
  const front = ['front', 'text/yaml', 'document: { first_name: Ana }'] as const
  const back = ['back', 'text/yaml', 'document: { first_name: Eva }'] as const

  expect(caseOf([front, back]).question.first_name).toBe('Eva')
  expect(caseOf([front, ['back', 'image/jpeg', 'x']]).question.first_name).toBe('Ana')
})

test('every alert that the sandbox can give is one that a page answers for', () => {
  const names = ['2D Barcode Read', '2D Barcode Content', 'Document Expired', 'X Crosscheck', 'X']

  expect(names.map(alertNamed).every(({ reason }) => isKnown(reason))).toBe(true)
})

const isKnown = (reason: string) => documentReasons.some((known) => known === reason)

function caseOf(files: readonly (readonly ['front' | 'back', string, string])[]) {
  return toDocumentsCase({
    document_type: 'drivers-license',
    images: files.map(([side, content_type, text]) => ({
      side,
      content_type,
      data: Buffer.from(text).toString('base64'),
    })),
  })
}

function bomb(): string {
  const level = (name: string, of: string) => `${name}: &${name} [${`*${of},`.repeat(9)}]`
  return ['a: &a [x]', level('b', 'a'), level('c', 'b'), level('d', 'c'), level('e', 'd')].join(
    '\n',
  )
}
