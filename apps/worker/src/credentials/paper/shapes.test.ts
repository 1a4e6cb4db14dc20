import { create } from 'fontkit'
import { expect, test } from 'vitest'
import { canWrite, readFace } from './shapes.ts'

test.each(['regular', 'bold'] as const)(
  'the %s face can write exactly what the library that prints has a shape for',
  (face) => {
    const font = create(readFace(face))
    const points = Array.from({ length: 0x20000 }, (_, point) => point)

    const differing = points.filter((point) => {
      const has = 'layout' in font && font.hasGlyphForCodePoint(point)
      return canWrite(face, String.fromCodePoint(point)) !== has
    })

    expect(differing).toEqual([])
    expect(canWrite(face, 'Žofia Кузнецова')).toBe(true)
    expect(canWrite(face, '発行者')).toBe(false)
  },
)
