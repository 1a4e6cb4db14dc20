import { z } from 'zod'
import * as fields from '../fields.ts'

/** What a person tells us about themselves; the payload of every check that compares it with records. */
export const applicant = {
  firstName: fields.personName,
  lastName: fields.personName,
  dateOfBirth: fields.dateOfBirth,
  ssn: fields.ssn,
  /** With its jurisdiction, or neither: who shows a passport need not have a state's card. */
  stateIdNumber: fields.stateIdNumber.optional(),
  stateIdJurisdiction: fields.stateCode.optional(),
  address1: fields.addressLine,
  address2: fields.addressLine.optional(),
  city: fields.city,
  state: fields.stateCode,
  zipCode: fields.zipCode,
}

/** A card's number says nothing without the state that gave it. */
export function hasWholeStateId(given: {
  readonly stateIdNumber?: string | undefined
  readonly stateIdJurisdiction?: string | undefined
}): boolean {
  return (given.stateIdNumber === undefined) === (given.stateIdJurisdiction === undefined)
}

/** Ties a job to the web's record of it. Unguessable, and says nothing about the person. */
export const attemptId = z.base64url().length(43)

/** A vendor's own number for one of its answers; with it the vendor can find the call again. */
export const vendorReference = z.string().min(1).max(128)
