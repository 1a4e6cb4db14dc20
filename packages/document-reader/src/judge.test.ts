import { expect, test } from 'vitest'
import { judgeCard } from './judge.ts'
import type { MrzData } from './mrz.ts'
import type { Letter } from './text-lines.ts'

const rules = { today: '2026-06-01', minimumAge: 13 }

const zone: MrzData = {
  kind: 'card',
  code: 'I',
  firstName: 'INGRID',
  lastName: 'OKAFOR',
  dateOfBirth: '1979-04-17',
  expiresOn: '2036-04-17',
  number: 'WDL83K4P2',
  issuer: 'USA',
}

const front = {
  state: 'printed',
  print: { lines: ['WASHINGTON', 'WDL83K4P2'].map(printed), legible: 40 },
  doubt: undefined,
} as const

const judge = (data: MrzData) =>
  judgeCard('drivers-license', { front, back: { state: 'mrz', data } }, rules)

test.each(['I', 'ID'])('the zone of an enhanced card, code %s, stands for its barcode', (code) => {
  expect(judge({ ...zone, code })).toMatchObject({
    state: 'read',
    toConfirm: true,
    document: { issuer: 'WA', number: 'WDL83K4P2' },
  })
})

test.each([
  ['a passport card', 'IP'],
  ['a green card', 'C1'],
  ['a green card of the other kind', 'C2'],
  ['a crew card', 'AC'],
  ['a crew card of another form', 'IC'],
])('%s is no state card', (_what, code) => {
  expect(judge({ ...zone, code })).toEqual({
    state: 'refused',
    problems: [{ side: 'back', reason: 'wrong-type' }],
  })
})

function printed(text: string): Letter[] {
  const sides = { left: 0, top: 0, right: 1, bottom: 1 }
  const box = { ...sides, centreX: 0, centreY: 0, width: 1, height: 1 }
  return [...text].map((char) => ({ char, score: 1, likeness: new Map([[char, 1]]), box }))
}
