import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Fixture, readFixture } from './fixture.ts'
import { notAFixture, type Script, scriptOf } from './script.ts'

const image = z.strictObject({
  side: z.enum(['front', 'back']),
  content_type: z.string().max(100),
  data: z.base64().min(1),
})

/** What the document vendor wants to be told. */
export const documentsRequest = z.strictObject({
  document_type: z.enum(['drivers-license', 'state-id', 'passport']),
  images: z.array(image).min(1).max(2),
})

type DocumentsRequest = z.output<typeof documentsRequest>

export interface DocumentsCase {
  /** Whom the document shows, as far as magic values can stand in it, and which images these are. */
  readonly question: Readonly<Record<string, string>>
  readonly script: Script
}

/** Of two fixtures the back decides, as in Login.gov's mock; photos are all of the sandbox's own person. */
export function toDocumentsCase({ document_type, images }: DocumentsRequest): DocumentsCase {
  const file = ['back', 'front']
    .map((side) => images.find((image) => image.side === side))
    .find((image) => image !== undefined && !image.content_type.startsWith('image/'))
  const fixture = file && readFixture(Buffer.from(file.data, 'base64').toString('utf8'))
  const script = file && !fixture ? notAFixture : scriptOf(document_type, fixture)
  const digest = createHash('sha256').update(JSON.stringify({ document_type, images }))
  return { question: { ...personIn(script, fixture), images: digest.digest('base64url') }, script }
}

function personIn(script: Script, fixture: Fixture | undefined): Record<string, string> {
  const { first_name, last_name, date_of_birth } = script.kind === 'read' ? script.document : {}
  const person = { first_name, last_name, date_of_birth, vendor: fixture?.vendor }
  return Object.fromEntries(
    Object.entries(person).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
