import { z } from 'zod'

/**
 * Field schemas shared by the contracts and the forms. Each accepts what a person may reasonably type and
 * yields one canonical form; messages are never shown, pages have their own words for each field.
 */

/** Two-letter codes that U.S. states and territories use on driver's licences and in postal addresses (USPS Publication 28, appendix B). */
export const stateCodes = [
  'AL',
  'AK',
  'AS',
  'AZ',
  'AR',
  'CA',
  'CO',
  'CT',
  'DE',
  'DC',
  'FL',
  'GA',
  'GU',
  'HI',
  'ID',
  'IL',
  'IN',
  'IA',
  'KS',
  'KY',
  'LA',
  'ME',
  'MD',
  'MA',
  'MI',
  'MN',
  'MS',
  'MO',
  'MT',
  'NE',
  'NV',
  'NH',
  'NJ',
  'NM',
  'NY',
  'NC',
  'ND',
  'MP',
  'OH',
  'OK',
  'OR',
  'PA',
  'PR',
  'RI',
  'SC',
  'SD',
  'TN',
  'TX',
  'UT',
  'VT',
  'VI',
  'VA',
  'WA',
  'WV',
  'WI',
  'WY',
] as const

export type StateCode = (typeof stateCodes)[number]

// Letters, marks, digits and punctuation of any script; no control, format or private-use characters.
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]+$/u

/** One line of text as people write it: composed (NFC), trimmed, inner white space folded, at most 100 characters. */
export const line = z
  .string()
  .transform((value) => value.normalize('NFC').trim().replace(/\s+/g, ' '))
  .pipe(z.string().min(1).max(100).regex(printable))

export const personName = line.pipe(z.string().max(60))

export const addressLine = line

export const city = line.pipe(z.string().max(60))

export const stateCode = z.enum(stateCodes)

/** ZIP or ZIP+4, hyphen optional. Yields `12345` or `12345-6789`. */
export const zipCode = z
  .string()
  .trim()
  .regex(/^\d{5}(-?\d{4})?$/)
  .transform((value) => (value.length > 5 ? `${value.slice(0, 5)}-${value.slice(-4)}` : value))

/** Nine digits; spaces and hyphens may be typed. Which numbers exist is the vendor's to say. Yields digits alone. */
export const ssn = z
  .string()
  .transform((value) => value.replace(/[\s-]/g, ''))
  .pipe(z.string().regex(/^\d{9}$/))

/** Letters, digits, spaces and hyphens; yields upper-case letters and digits alone (AAMVA compares them so). */
export const stateIdNumber = z
  .string()
  .transform((value) => value.replace(/[\s-]/g, '').toUpperCase())
  .pipe(z.string().regex(/^[A-Z0-9]{1,25}$/))

/** A U.S. telephone number as people type it, yielding E.164 (`+17035551234`). */
export const phone = z
  .string()
  .transform((value) => value.replace(/[\s().-]/g, '').replace(/^\+?1(?=\d{10}$)/, ''))
  .pipe(z.string().regex(/^[2-9]\d{9}$/))
  .transform((digits) => `+1${digits}`)

/**
 * An address for e-mail as people write it, at most 254 characters (RFC 5321 §4.5.3.1.3). Who knows whether it exists is the
 * server it names: here stands only that it is one address, which nothing can be hidden in.
 */
export const emailAddress = z
  .string()
  .transform((value) => value.normalize('NFC').trim())
  .pipe(
    z
      .string()
      .max(254)
      .regex(
        /^[^\s\p{C}@<>()[\]\\,;:"]{1,64}@[^\s\p{C}@<>()[\]\\,;:"]+\.[^\s\p{C}@<>()[\]\\,;:".]{2,}$/u,
      ),
  )

/** A real calendar day, `YYYY-MM-DD`, not before 1900. Age is the feature's to judge: a contract has no clock. */
export const dateOfBirth = z.iso.date().refine((value) => value >= '1900-01-01')
