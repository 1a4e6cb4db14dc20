import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { documentsReply } from './reply.ts'
import { type DocumentFile, documentsRequest } from './request.ts'

test.each([0, 1, 2, 3, 48 * 1024 - 1, 48 * 1024, 48 * 1024 + 1, 300_000])(
  'an image of %i bytes is told in base64, whole and with the right length',
  (length) => {
    const images: DocumentFile[] = [
      { side: 'front', contentType: 'image/jpeg', bytes: randomBytes(length) },
      { side: 'back', contentType: 'text/yaml', bytes: Buffer.from('a "quoted" \\ é') },
    ]

    const body = documentsRequest({ type: 'drivers-license', images })

    const text = [...body.chunks()].join('')
    expect(Buffer.byteLength(text)).toBe(body.bytes)
    expect(JSON.parse(text)).toEqual({
      document_type: 'drivers-license',
      images: images.map(({ side, contentType, bytes }) => ({
        side,
        content_type: contentType,
        data: Buffer.from(bytes).toString('base64'),
      })),
    })
  },
)

test('no piece of a body is large', () => {
  const images = [
    { side: 'front', contentType: 'image/jpeg', bytes: randomBytes(2_000_000) },
  ] as const

  const pieces = [...documentsRequest({ type: 'passport', images }).chunks()]

  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(64 * 1024)
})

const document = { type: 'passport', first_name: 'Joe', expires_on: '2030-01-01' }

test('what was read is told in our words, and what was not is left open', () => {
  const reply = { transaction_id: 'd-1', result: 'read', document, barcode: 'unreadable', more: 1 }

  expect(documentsReply.parse(reply)).toEqual({
    state: 'read',
    document: { type: 'passport', firstName: 'Joe', expiresOn: '2030-01-01' },
    toConfirm: true,
    reference: 'd-1',
  })
})

test('what is wrong is told by side', () => {
  const alerts = [{ side: 'both', reason: 'expired' }]

  expect(documentsReply.parse({ transaction_id: 'd-1', result: 'refused', alerts })).toEqual({
    state: 'refused',
    problems: alerts,
    reference: 'd-1',
  })
})

test.each([
  {},
  { result: 'read', barcode: 'read' },
  { result: 'read', document, barcode: 'perhaps' },
  { result: 'read', document: { ...document, expires_on: 'soon' }, barcode: 'read' },
  { result: 'read', document: { ...document, type: 'library-card' }, barcode: 'read' },
  { result: 'refused', alerts: [] },
  { result: 'refused', alerts: [{ side: 'both', reason: 'odd' }] },
  { result: 'refused', alerts: [{ side: 'left', reason: 'expired' }] },
])('%o is no reply', (reply) => {
  expect(documentsReply.safeParse({ transaction_id: 'd-1', ...reply }).success).toBe(false)
})
