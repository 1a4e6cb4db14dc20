import type { Measures } from './document-measures.ts'

/** What a person can do better before anything is sent. */
export const hints = ['too-small', 'blurred', 'too-dark', 'glare'] as const
export type Hint = (typeof hints)[number]

export interface Size {
  readonly width: number
  readonly height: number
}

/**
 * What speaks against a photo, the most useful first. The thresholds let through every specimen that can be read and
 * some that cannot: whoever reads the document decides, and a person can overrule us.
 */
export function hintsOf(measures: Measures, { width, height }: Size): readonly Hint[] {
  const speaksAgainst = {
    // Our reader has doubts below the same bound; some of what is smaller it can still read.
    'too-small': Math.max(width, height) < 500,
    // Specimens: 0.11 and more where they can be read, 0.03 and less where a barcode has run together.
    blurred: measures.sharpness < 0.05,
    // Specimens: 63 and more where they can be read, 3 in the dark.
    'too-dark': measures.brightness < 60,
    // Specimens: 0.003 where a spot of light hides nothing, 0.07 where it hides a barcode.
    glare: measures.glare > 0.004,
  } satisfies Record<Hint, boolean>
  return hints.filter((hint) => speaksAgainst[hint])
}
