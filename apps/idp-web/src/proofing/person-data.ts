import { jobs } from '@anteroom/job-contracts'
import type { z } from 'zod'
import type { SessionSeal } from '../deps.ts'
import type { Session } from '../session/session.ts'

/** What a person typed, canonical: the payload of the checks without our own id. */
export const detailsSchema = jobs.resolutionProofing.payload.omit({ attemptId: true })
export type Details = z.output<typeof detailsSchema>

export const phoneSchema = jobs.addressProofing.payload.shape.phone

/** Personal data in a session: sealed apart from the rest, opened only by the page that shows it or the step that sends it. */
export interface PersonData {
  sealDetails(session: Session, details: Details): Promise<string>
  openDetails(session: Session): Promise<Details | undefined>
  sealPhone(session: Session, phone: string): Promise<string>
  openPhone(session: Session): Promise<string | undefined>
}

export function createPersonData({ seal, open }: SessionSeal): PersonData {
  return {
    sealDetails: ({ slot }, details) =>
      seal({ name: 'details', id: slot }, JSON.stringify(details)),
    async openDetails({ slot, details }) {
      if (details === undefined) return undefined
      return detailsSchema.parse(JSON.parse(await open({ name: 'details', id: slot }, details)))
    },
    sealPhone: ({ slot }, phone) => seal({ name: 'phone', id: slot }, phone),
    async openPhone({ slot, phone }) {
      return phone === undefined ? undefined : open({ name: 'phone', id: slot }, phone)
    },
  }
}
