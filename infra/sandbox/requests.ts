import { z } from 'zod'
import { documentsRequest } from './documents/request.ts'
import type { Scenario, VendorName } from './scenarios.ts'

const text = z.string().min(1).max(100)

const person = {
  first_name: text,
  last_name: text,
  date_of_birth: z.iso.date(),
}

const home = {
  address1: text,
  address2: text.optional(),
  city: text,
  state: z.string().regex(/^[A-Z]{2}$/),
  zip_code: z.string().regex(/^\d{5}(-\d{4})?$/),
}

/** What each vendor wants to be told. A member that it did not ask for is refused: data it must not get. */
export const requestSchemas = {
  resolution: z.strictObject({ ...person, ...home, ssn: z.string().regex(/^\d{9}$/) }),
  'state-id': z.strictObject({
    ...person,
    state_id_number: z.string().regex(/^[A-Z0-9]{1,25}$/),
    state_id_jurisdiction: z.string().regex(/^[A-Z]{2}$/),
  }),
  address: z.strictObject({ ...person, ...home, phone: z.string().regex(/^\+1\d{10}$/) }),
  documents: documentsRequest,
  registry: z.strictObject(person),
} satisfies Record<VendorName, z.ZodType>

/** The members that magic values can stand in, and those that say who is asked about, as far as this vendor has them. */
export type Question = Readonly<
  Partial<Record<Scenario['field'] | 'last_name' | 'date_of_birth' | 'images', string>>
>
