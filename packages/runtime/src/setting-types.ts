import { z } from 'zod'

/** True or false: as such in the settings file, spelled out in the environment. Nothing else counts as either. */
export function flag() {
  return z
    .union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' })])
    .meta({ shownAs: 'true or false' })
}

/** A whole number: as such in the settings file, in digits in the environment. An empty text is no number. */
export function wholeNumber({ min, max }: { readonly min: number; readonly max: number }) {
  const digits = z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number)
  return z
    .union([z.number(), digits])
    .pipe(z.int().min(min).max(max))
    .meta({ shownAs: `whole number, ${min} to ${max}` })
}
