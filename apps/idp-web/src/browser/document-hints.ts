import type { Measures } from './document-measures.ts'

/** What a person can do better before anything is sent. */
export const hints = ['too-small', 'blurred', 'too-dark', 'glare'] as const
export type Hint = (typeof hints)[number]

export interface Size {
  readonly width: number
  readonly height: number
}

/**
 * What speaks against a photo, the most useful first. The thresholds let through all that can be read and some that
 * cannot: whoever reads the document decides, and a person can overrule us.
 */
export function hintsOf(measures: Measures, { width, height }: Size): readonly Hint[] {
  const speaksAgainst = {
    'too-small': Math.max(width, height) < 1_000 || Math.min(width, height) < 600,
    // Specimens: 0.15 and more where they can be read, 0.03 and less where a barcode has run together.
    blurred: measures.sharpness < 0.05,
    // Specimens: 85 and more where they can be read, 8 in the dark.
    'too-dark': measures.brightness < 60,
    // Specimens: 0.003 where a spot of light hides nothing, 0.07 where it hides a barcode.
    glare: measures.glare > 0.004,
  } satisfies Record<Hint, boolean>
  return hints.filter((hint) => speaksAgainst[hint])
}
