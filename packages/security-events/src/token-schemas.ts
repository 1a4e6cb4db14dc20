import { z } from 'zod'
import { type EventForm, eventForms, isOwn } from './event-forms.ts'
import type { WireProfile } from './receiver.ts'

/** A token that says when it expires does so this long after it was issued. */
export const tokenSeconds = 12 * 60 * 60

const issuer = z.url({ protocol: /^https?$/ })
/** By which the partner knows the person; the `sub` of its ID tokens. */
const sub = z.string().min(1).max(255)
/** As people write theirs: letters of every script, and one @. */
const email = z
  .string()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/)

const always = {
  iss: issuer,
  iat: z.int().positive(),
  jti: z.string().regex(/^[0-9a-f]{32}$/),
  aud: z.string().min(1).max(2_048),
}

/** What the claims of a token of this event are: nothing may be missing, and nothing more may be there. */
export function tokenSchema(profile: WireProfile, form: EventForm) {
  return profile === 'login-gov' ? legacyToken(form) : tokenOfToday(form)
}

function legacyToken(form: EventForm) {
  const subject =
    form.about === 'address'
      ? z.strictObject({ subject_type: z.literal('email'), email })
      : z.strictObject({ subject_type: z.literal('iss-sub'), iss: issuer, sub })
  return z.strictObject({
    ...always,
    /** {@link tokenSeconds} after `iat`. */
    exp: z.int().positive(),
    events: eventsOf(form, z.strictObject({ subject, ...form.says })),
  })
}

function tokenOfToday(form: EventForm) {
  const subject =
    form.about === 'address'
      ? z.strictObject({ format: z.literal('email'), email })
      : z.strictObject({ format: z.literal('iss_sub'), iss: issuer, sub })
  return z.strictObject({
    ...always,
    /** The same in all tokens of one receiver that come of one change. */
    txn: z.string().regex(/^[\w-]{22}$/),
    sub_id: subject,
    events: eventsOf(form, z.strictObject(form.says)),
  })
}

/** Exactly one event. */
function eventsOf(form: EventForm, payload: z.ZodObject) {
  if (!isOwn(form)) return z.strictObject({ [`${form.base}${form.name}`]: payload })
  const path = `${form.base}${form.name}`.replaceAll('/', '\\/')
  return z
    .record(z.string().regex(new RegExp(`^https?:\\/\\/[^/?#]+${path}$`)), payload)
    .refine((events) => Object.keys(events).length === 1)
    .meta({ minProperties: 1, maxProperties: 1 })
}

/** The JSON Schema of the claims of every token of a profile. */
export function tokenJsonSchema(profile: WireProfile): object {
  const schemas = eventForms(profile).map((form) =>
    tokenSchema(profile, form).meta({ title: form.name }),
  )
  return z.toJSONSchema(z.union(schemas).meta({ title: `Tokens of the profile ${profile}` }), {
    target: 'draft-2020-12',
  })
}
