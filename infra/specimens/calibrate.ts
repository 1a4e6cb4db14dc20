import {
  agreements,
  type Examined,
  examineBack,
  examineFront,
  examinePassport,
  type Quality,
  zoneRows,
} from '@anteroom/document-reader/calibration'
import type { Card } from './card.ts'
import { back, front, page } from './compose.ts'
import { passportLines } from './mrz.ts'
import { colorado, ohioId, passport, texas, virginia, washington } from './people.ts'
import type { Shot } from './photo.ts'

/**
 * Prints what the reader's thresholds are chosen by: the procedure is in docs/documents.md. Takes some minutes.
 */
async function main(): Promise<void> {
  await sweep(
    'longSide',
    [350, 450, 550, 650, 750, 850, 950, 1100, 1300, 1600].map((longSide) => ({ longSide })),
  )
  await sweep(
    'sharpness',
    [0, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 8].map((blur) => (blur === 0 ? {} : { blur })),
  )
  await sweep(
    'brightness',
    [1, 0.5, 0.3, 0.2, 0.15, 0.1, 0.07, 0.05, 0.035, 0.02].map((light) => ({ light, noise: 4 })),
  )
  await sweep(
    'glare',
    [0.03, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25].map((radius) => ({
      spot: { kind: 'glare', x: 0.5, y: 0.4, radius },
    })),
  )
  await compareFronts()
  await readZones()
}

/** The same sides under ever worse conditions: which were still read, and how they measured. */
async function sweep(measure: keyof Quality, shots: readonly Shot[]): Promise<void> {
  console.log(`\n${measure}: value, + read, - not read`)
  const rows: { name: string; value: number; read: boolean }[] = []
  for (const shot of shots) {
    for (const [name, examine] of sides) {
      const { quality, read } = await examine(shot)
      rows.push({ name, value: quality[measure], read })
    }
    const last = rows.slice(-sides.length)
    console.log(
      last.map(({ value, read }) => `${value.toFixed(3)}${read ? '+' : '-'}`.padEnd(11)).join(''),
    )
  }
  for (const [name] of sides) {
    const values = (read: boolean) =>
      rows.filter((row) => row.name === name && row.read === read).map(({ value }) => value)
    const kept = values(true)
    const lost = values(false)
    console.log(
      `  ${name.padEnd(16)} read from ${range(kept).padEnd(18)} not read from ${range(lost)}`,
    )
  }
}

const sides: readonly (readonly [string, (shot: Shot) => Promise<Examined>])[] = [
  ...[virginia, texas].flatMap((card) => [
    [
      `${card.state} front`,
      async (shot: Shot) => examineFront(await front(card, shot)(), card.number),
    ] as const,
    [`${card.state} back`, async (shot: Shot) => examineBack(await back(card, shot)())] as const,
  ]),
  ['passport', async (shot) => examinePassport(await page(passport, shot)())],
]

function range(values: readonly number[]): string {
  if (values.length === 0) return '(none)'
  return `${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)}`
}

/** What stands on a front against what stands on the others, in poor conditions too. */
async function compareFronts(): Promise<void> {
  console.log('\nprint: agreement of a front with its own texts, and with those of the other cards')
  const cards = [virginia, ohioId, texas, colorado, washington]
  const shots: readonly Shot[] = [{}, { blur: 2.5 }, { longSide: 900 }, { turn: 9 }, { noise: 14 }]
  for (const card of cards) {
    const others = cards.filter((other) => other !== card)
    const texts = [...textsOf(card), ...others.flatMap(textsOf)]
    const all = await Promise.all(
      shots.map(async (shot) => agreements(await front(card, shot)(), texts)),
    )
    const own = all.flatMap((values) => values.slice(0, 3))
    const foreign = all.flatMap((values) => values.slice(3))
    console.log(`  ${card.state}  own ${range(own)}   others ${range(foreign)}`)
  }
}

const textsOf = ({ number, lastName, dateOfBirth }: Card): string[] => {
  const [year, month, day] = dateOfBirth.split('-')
  return [number, lastName, `${month}${day}${year}`]
}

/** How alike the letters of a zone are to the typeface, and whether they were all read right. */
async function readZones(): Promise<void> {
  console.log(
    '\nzone: least and mean likeness of a row, and letters misread (O for 0 does not count)',
  )
  const wanted = passportLines(passport).map(plain)
  const shots: readonly Shot[] = [
    {},
    ...[1.5, 2.5, 3, 3.5, 4, 5].map((blur) => ({ blur })),
    ...[1000, 800, 650].map((longSide) => ({ longSide })),
    { turn: 7 },
    { noise: 14 },
  ]
  for (const shot of shots) {
    for (const { text, least, mean } of await zoneRows(await page(passport, shot)())) {
      const wrong = Math.min(...wanted.map((line) => differences(line, plain(text))))
      console.log(
        `  ${JSON.stringify(shot).padEnd(18)} ${least.toFixed(2)} ${mean.toFixed(2)}  ${wrong}`,
      )
    }
  }
}

const plain = (text: string): string => text.replaceAll('O', '0')

const differences = (one: string, other: string): number =>
  [...one].filter((char, index) => char !== other[index]).length

await main()
