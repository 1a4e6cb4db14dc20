import { z } from 'zod'
import { longDate } from '../../proofing/pages/dates.ts'
import type { Attribute } from '../attributes.ts'
import type { Claims } from '../verified-claims.ts'

const text = z.string().catch('')
const number = z.number().catch(0)
const address = z
  .object({
    street_address: text,
    locality: text,
    region: text,
    postal_code: text,
  })
  .catch({ street_address: '', locality: '', region: '', postal_code: '' })

/** What would be shared of an attribute, in words. */
export function wordsOf(attribute: Attribute, claims: Claims, language: string): string {
  switch (attribute) {
    case 'email':
      return text.parse(claims.email)
    case 'name':
      return `${text.parse(claims.given_name)} ${text.parse(claims.family_name)}`
    case 'birthdate':
      return dayIn(language, text.parse(claims.birthdate))
    case 'address': {
      const { street_address, locality, region, postal_code } = address.parse(claims.address)
      return `${street_address.replace('\n', ', ')}, ${locality}, ${region} ${postal_code}`
    }
    case 'phone':
      return text.parse(claims.phone_number)
    case 'proofing':
      // It is told as a day, by its beginning in UTC.
      return dayIn(language, new Date(number.parse(claims.verified_at) * 1000).toISOString())
  }
}

const dayIn = (language: string, date: string): string =>
  date === '' ? '' : longDate(language, date.slice(0, 10))
