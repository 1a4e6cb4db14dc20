import sharp from 'sharp'
import { plainCard } from './background.ts'
import type { Card, LayoutName } from './card.ts'
import { portraitOf } from './portrait.ts'
import { drawLine, type Line } from './text.ts'

/** The front of a card: a portrait and what the agency prints beside it. PNG. */
export async function drawFront(card: Card): Promise<Buffer> {
  const layout = layouts[card.layout]
  const text = await Promise.all(printed(card, layout).map(drawLine))
  const overlays = [portraitOf(layout.portrait), ...text]
  return sharp(plainCard(card.layout)).composite(overlays).removeAlpha().png().toBuffer()
}

interface Layout {
  readonly portrait: { readonly left: number; readonly top: number }
  readonly titleLeft: number
  /** Where the columns of fields begin. */
  readonly columns: readonly [number, number]
  readonly firstRow: number
  readonly rowHeight: number
  readonly dateSeparator: '/' | '-'
}

const layouts = {
  'photo-left': {
    portrait: { left: 70, top: 210 },
    titleLeft: 70,
    columns: [570, 1120],
    firstRow: 220,
    rowHeight: 118,
    dateSeparator: '/',
  },
  'photo-right': {
    portrait: { left: 1090, top: 230 },
    titleLeft: 420,
    columns: [70, 600],
    firstRow: 210,
    rowHeight: 120,
    dateSeparator: '-',
  },
  'portrait-band': {
    portrait: { left: 90, top: 330 },
    titleLeft: 560,
    columns: [590, 1140],
    firstRow: 200,
    rowHeight: 122,
    dateSeparator: '/',
  },
} as const satisfies Record<LayoutName, Layout>

function printed(card: Card, layout: Layout): Line[] {
  const title = card.documentType === 'state-id' ? 'IDENTIFICATION CARD' : 'DRIVER LICENSE'
  const date = (isoDate: string) => printedDate(isoDate, layout.dateSeparator)
  const rows: [string, string, 0 | 1][] = [
    ['4d NO', card.number, 0],
    ['3 DOB', date(card.dateOfBirth), 1],
    ['1 NAME', card.lastName, 0],
    ['15 SEX', card.sex, 1],
    ['2 GIVEN', `${card.firstName} ${card.middleName}`, 0],
    ['4a ISS', date(card.issuedOn), 1],
    ['8', card.address1, 0],
    ['4b EXP', card.expiresOn === undefined ? 'NEVER' : date(card.expiresOn), 1],
    ['', [card.address2, card.city, card.state, card.zipCode].filter(Boolean).join(' '), 0],
    ['9 CLASS', card.documentType === 'state-id' ? 'NONE' : 'D', 1],
  ]
  return [
    {
      text: `${card.stateName} ${title}`,
      left: layout.titleLeft,
      top: 60,
      size: 34,
      color: '#123a6b',
      maxWidth: 1000,
    },
    {
      text: 'SPECIMEN - NOT A REAL DOCUMENT',
      left: layout.columns[0],
      top: 930,
      size: 16,
      color: '#a33',
    },
    ...rows.flatMap(([label, value, column], index) =>
      field(layout, { label, value, column, row: index >> 1 }),
    ),
  ]
}

interface Field {
  readonly label: string
  readonly value: string
  readonly column: 0 | 1
  readonly row: number
}

function field(layout: Layout, { label, value, column, row }: Field): Line[] {
  const left = layout.columns[column]
  const top = layout.firstRow + row * layout.rowHeight
  const maxWidth = column === 0 ? layout.columns[1] - left - 30 : 480
  const line = { text: value, left, top: top + 32, size: 24, maxWidth }
  return label === '' ? [line] : [{ text: label, left, top, size: 12, color: '#446' }, line]
}

function printedDate(isoDate: string, separator: string): string {
  const [year, month, day] = isoDate.split('-')
  return [month, day, year].join(separator)
}
