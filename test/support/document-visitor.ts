import { createHash } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'
import { createSealedForm, type DocumentWeb, type SealedForm } from './document-web.ts'
import { createVisitor, type Visitor } from './web.ts'

/** Someone who photographs a document, with or without scripts. */
export interface DocumentVisitor extends Visitor {
  /** Through consent and the choice of a document to the page for its photos. */
  reachPhotos(documentType?: string): Promise<LightMyRequestResponse>
  /** Asks for room for an image, as the script of the page does. */
  askFor(request: object): Promise<LightMyRequestResponse>
  /** Seals photos of these sides and sends them to S3; what the form then says. */
  upload(sides?: readonly string[]): Promise<Record<string, string>>
  /** From the first page to the waiting page. */
  reachWait(documentType?: string): Promise<Record<string, string>>
  /** From the first page to the one that shows what was read. */
  reachRead(result?: object): Promise<void>
  /** Says that what was read is right: of the reading that was shown last. */
  confirm(): Promise<LightMyRequestResponse>
  /** Sends photos with the form itself. */
  sendFiles(parts: readonly FilePart[]): Promise<LightMyRequestResponse>
}

export interface FilePart {
  readonly name: string
  readonly text?: string
  readonly file?: { readonly bytes: Uint8Array; readonly type: string; readonly name: string }
}

export const readLicense = {
  verdict: 'read',
  toConfirm: false,
  document: {
    type: 'drivers-license',
    firstName: 'MARIA',
    lastName: 'OKAFOR',
    dateOfBirth: '1986-04-12',
    number: 'WDLABCD456DG',
    issuer: 'WA',
    expiresOn: '2031-04-12',
    address: { address1: '100 EXAMPLE STREET', city: 'SEATTLE', state: 'WA', zipCode: '98109' },
  },
}

export const photo = new TextEncoder().encode('a photo, as far as the web can tell')

export function createDocumentVisitor({ web, answer }: DocumentWeb): DocumentVisitor {
  const visitor = createVisitor(web.app)
  let submissionId = ''
  let form: SealedForm | undefined
  let attemptId = ''

  const self: DocumentVisitor = {
    ...visitor,
    async get(url, headers) {
      const page = await visitor.get(url, headers)
      attemptId = /name="attemptId" value="([^"]+)"/.exec(page.payload)?.[1] ?? attemptId
      return page
    },
    confirm: () => visitor.post('/verify/document/read', { attemptId }),
    async reachPhotos(documentType = 'drivers-license') {
      await visitor.get('/verify/consent')
      await visitor.post('/verify/consent', { consent: 'yes' })
      await visitor.get('/verify/document')
      await visitor.post('/verify/document', { documentType })
      const page = await visitor.get('/verify/document/photos')
      submissionId = /data-submission="([\w-]+)"/.exec(page.payload)?.[1] ?? ''
      form = await createSealedForm(submissionId)
      return page
    },
    askFor: (request) =>
      visitor.send(
        '/verify/document/uploads',
        JSON.stringify({ csrf: visitor.token(), ...request }),
        { 'content-type': 'application/json' },
      ),
    async upload(sides = ['front', 'back']) {
      if (!form) throw new Error('There is no page to upload from')
      const fields: Record<string, string> = { imageKey: form.imageKey }
      for (const side of sides) {
        const asked = await self.askFor({ side, contentType: 'image/jpeg', bytes: photo.length })
        const { uploadId, url, headers } = asked.json()
        const { iv, sealed } = await form.seal(side, photo)
        const put = await fetch(url, { method: 'PUT', headers, body: sealed })
        expect(put.status).toBe(200)
        Object.assign(fields, {
          [`${side}_upload`]: uploadId,
          [`${side}_iv`]: iv,
          [`${side}_type`]: 'image/jpeg',
        })
      }
      return fields
    },
    async reachWait(documentType = 'drivers-license') {
      await self.reachPhotos(documentType)
      const fields = await self.upload(documentType === 'passport' ? ['front'] : undefined)
      await visitor.post('/verify/document/photos', fields)
      return fields
    },
    async reachRead(result = readLicense) {
      await self.reachWait()
      await answer({ done: result })
      await visitor.get('/verify/wait')
      await visitor.get('/verify/result')
      await self.get('/verify/document/read')
    },
    async sendFiles(parts) {
      const { body, type } = multipartOf(parts)
      return visitor.send('/verify/document/photos', body, { 'content-type': type })
    },
  }
  return self
}

/** Where the web keeps this person's session. */
export function sessionKeyOf({ cookies }: Pick<Visitor, 'cookies'>): string {
  const id = cookies.get('anteroom-session') ?? ''
  return `session:${createHash('sha256').update(id).digest('base64url')}`
}

/** A form with files as browsers write it (RFC 7578). */
export function multipartOf(parts: readonly FilePart[]): { body: Buffer; type: string } {
  const boundary = '----a-boundary'
  const lines = parts.flatMap(({ name, text = '', file }) => [
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"`,
    file ? `; filename="${file.name}"\r\ncontent-type: ${file.type}` : '',
    '\r\n\r\n',
    file ? file.bytes : text,
    '\r\n',
  ])
  const bytes = [...lines, `--${boundary}--\r\n`].map((line) => Buffer.from(line))
  return { body: Buffer.concat(bytes), type: `multipart/form-data; boundary=${boundary}` }
}
