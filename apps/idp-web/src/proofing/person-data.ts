import {
  type DocumentProblem,
  documentProblem,
  jobs,
  type ReadDocument,
  readDocument,
} from '@anteroom/job-contracts'
import { z } from 'zod'
import type { OwnSeal } from '../deps.ts'
import type { Session } from '../session/session.ts'

const { attemptId: _ours, ...typed } = jobs.resolutionProofing.payload.shape

/** What the records are asked about, canonical: the payload of the checks without our own id. */
export const detailsSchema = z.object(typed)
export type Details = z.output<typeof detailsSchema>

export const phoneSchema = jobs.addressProofing.payload.shape.phone

const { imageKey, images } = jobs.documentProofing.payload.shape

/** What opens the images that were handed in, and where they lie. */
const sealedImagesSchema = z.object({ key: imageKey, images })
export type SealedImages = z.output<typeof sealedImagesSchema>

const problemsSchema = z.array(documentProblem)

/** Personal data in a session: sealed apart from the rest, opened only by the page that shows it or the step that sends it. */
export interface PersonData {
  sealDetails(session: Session, details: Details): Promise<string>
  openDetails(session: Session): Promise<Details | undefined>
  sealPhone(session: Session, phone: string): Promise<string>
  openPhone(session: Session): Promise<string | undefined>
  sealImages(session: Session, images: SealedImages): Promise<string>
  openImages(session: Session): Promise<SealedImages | undefined>
  sealDocument(session: Session, document: ReadDocument): Promise<string>
  openDocument(session: Session): Promise<ReadDocument | undefined>
  sealProblems(session: Session, problems: readonly DocumentProblem[]): Promise<string>
  /** Of an answer that refuses a document. */
  openProblems(session: Session): Promise<readonly DocumentProblem[] | undefined>
}

export function createPersonData({ seal, open }: OwnSeal): PersonData {
  const sealAs = (name: string, { slot }: Session, value: unknown) =>
    seal({ name, id: slot }, JSON.stringify(value))

  async function openAs<S extends z.ZodType>(
    schema: S,
    slot: { name: string; id: string },
    message: string | undefined,
  ): Promise<z.output<S> | undefined> {
    return message === undefined ? undefined : schema.parse(JSON.parse(await open(slot, message)))
  }

  return {
    sealDetails: (session, details) => sealAs('details', session, details),
    openDetails: ({ slot, details }) =>
      openAs(detailsSchema, { name: 'details', id: slot }, details),
    sealPhone: ({ slot }, phone) => seal({ name: 'phone', id: slot }, phone),
    async openPhone({ slot, phone }) {
      return phone === undefined ? undefined : open({ name: 'phone', id: slot }, phone)
    },
    sealImages: (session, sealed) => sealAs('images', session, sealed),
    openImages: ({ slot, imageKey: message }) =>
      openAs(sealedImagesSchema, { name: 'images', id: slot }, message),
    sealDocument: (session, document) => sealAs('document', session, document),
    openDocument: ({ slot, readDocument: message }) =>
      openAs(readDocument, { name: 'document', id: slot }, message),
    sealProblems: (session, problems) => sealAs('problems', session, problems),
    openProblems: ({ slot, answer }) =>
      openAs(
        problemsSchema,
        { name: 'problems', id: slot },
        answer?.kind === 'refused' ? answer.problems : undefined,
      ),
  }
}
