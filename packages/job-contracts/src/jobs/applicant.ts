import { z } from 'zod'
import * as fields from '../fields.ts'

/** What a person tells us about themselves; the payload of every check that compares it with records. */
export const applicant = {
  firstName: fields.personName,
  lastName: fields.personName,
  dateOfBirth: fields.dateOfBirth,
  ssn: fields.ssn,
  stateIdNumber: fields.stateIdNumber,
  stateIdJurisdiction: fields.stateCode,
  address1: fields.addressLine,
  address2: fields.addressLine.optional(),
  city: fields.city,
  state: fields.stateCode,
  zipCode: fields.zipCode,
}

/** Ties a job to the web's record of it. Unguessable, and says nothing about the person. */
export const attemptId = z.base64url().length(43)

/** A vendor's own number for one of its answers; with it the vendor can find the call again. */
export const vendorReference = z.string().min(1).max(128)
