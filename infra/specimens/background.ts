import type { LayoutName } from './card.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

/** In pixels. An ID-1 card is 85.6 by 54 mm (ISO/IEC 7810), so this is 475 dots per inch. */
export const cardSize = { width: 1600, height: 1009 } as const

export function plainCard(layout: LayoutName): Buffer {
  return groundOf(cardSize, colors[layout])
}

const colors = {
  'photo-left': ['#dfe9f3', '#f7e8d3'],
  'photo-right': ['#e4f0e2', '#eef0d8'],
  'portrait-band': ['#efe3ee', '#e0e9f5'],
} as const satisfies Record<LayoutName, readonly [string, string]>

/** Paper without content: one pale colour into another, and the wavy lines that make copying hard. SVG. */
export function groundOf({ width, height }: Size, [from, to]: readonly [string, string]): Buffer {
  const waves = Array.from({ length: Math.ceil(height / 36) + 2 }, (_, index) => {
    const y = index * 36
    const path = `M0 ${y} Q ${width / 4} ${y - 60} ${width / 2} ${y} T ${width} ${y}`
    return `<path d="${path}" stroke="#9ab" fill="none" stroke-width="1.2" opacity=".45"/>`
  })
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1">
      <stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/>
    </linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#g)"/>${waves.join('')}</svg>`)
}
