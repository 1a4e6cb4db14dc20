import { en } from './en.ts'

/** Everything a person reads, in one language. Another language has the same keys, or it does not compile. */
export type Texts = typeof en

export const catalogues = { en } as const satisfies Record<string, Texts>

export type Locale = keyof typeof catalogues

export function texts(locale: Locale): Texts {
  return catalogues[locale]
}
