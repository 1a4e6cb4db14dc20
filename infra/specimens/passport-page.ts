import sharp, { type OverlayOptions } from 'sharp'
import { groundOf } from './background.ts'
import type { Passport } from './card.ts'
import { passportLines } from './mrz.ts'
import { portraitOf } from './portrait.ts'
import { drawLine, type Line } from './text.ts'

/** In pixels. The page is 125 by 88 mm (ICAO Doc 9303, part 4). */
const pageSize = { width: 1600, height: 1126 } as const

/** The page of a passport that says whose it is. PNG. */
export async function drawPassportPage(passport: Passport): Promise<Buffer> {
  const text = await Promise.all([...printed(passport), ...zone(passport)].map(drawLine))
  const overlays: OverlayOptions[] = [portraitOf({ left: 70, top: 200 }), ...text]
  return sharp(groundOf(pageSize, ['#e6ecf5', '#f6e9e9']))
    .composite(overlays)
    .removeAlpha()
    .png()
    .toBuffer()
}

function printed(passport: Passport): Line[] {
  const fields: [string, string][] = [
    ['Surname', passport.lastName],
    ['Given names', passport.firstName],
    ['Date of birth', passport.dateOfBirth],
    ['Date of issue', passport.issuedOn],
    ['Date of expiration', passport.expiresOn],
  ]
  return [
    {
      text: `PASSPORT  ${passport.country}  ${passport.number}`,
      left: 70,
      top: 60,
      size: 32,
      color: '#123a6b',
    },
    { text: 'SPECIMEN - NOT A REAL DOCUMENT', left: 580, top: 150, size: 16, color: '#a33' },
    ...fields.flatMap(([label, value], row): Line[] => [
      { text: label, left: 580, top: 215 + row * 112, size: 12, color: '#446' },
      { text: value, left: 580, top: 247 + row * 112, size: 24 },
    ]),
  ]
}

function zone(passport: Passport): Line[] {
  return passportLines(passport).map((text, row) => ({
    text,
    left: 70,
    top: 900 + row * 95,
    size: 24,
    typeface: 'OCRB',
    color: '#111',
    maxWidth: 1460,
  }))
}
