import type { Jobs, PayloadOf, ResultOf } from '@anteroom/job-contracts'

const person = {
  attemptId: 'A'.repeat(43),
  firstName: 'Zephyrine',
  lastName: 'Quackenbush',
  dateOfBirth: '1971-02-28',
  ssn: '900123456',
  stateIdNumber: 'Q7654321',
  stateIdJurisdiction: 'VA',
  address1: '77 Marzipan Lane',
  address2: 'Unit 9',
  city: 'Falls Church',
  state: 'VA',
  zipCode: '22046-1234',
} as const

const images = [
  { side: 'front', uploadId: 'F'.repeat(43), iv: 'aXYtb2YtZnJvbnQt', contentType: 'image/jpeg' },
  { side: 'back', uploadId: 'U'.repeat(43), iv: 'aXYtb2YtdGhlLWJh', contentType: 'image/png' },
] as const

/** One payload for each job. A new job does not compile until it has one here. */
export const samplePayloads = {
  documentProofing: {
    attemptId: person.attemptId,
    submissionId: 'S'.repeat(43),
    documentType: 'drivers-license',
    imageKey: 'K'.repeat(42).concat('g'),
    images: [...images],
    failedImages: ['P'.repeat(43)],
  },
  resolutionProofing: person,
  addressProofing: { ...person, phone: '+17035550142' },
  credentialIssuance: {
    credentialId: 'C'.repeat(43),
    firstName: person.firstName,
    lastName: person.lastName,
    dateOfBirth: person.dateOfBirth,
  },
  credentialRevocations: { numbers: ['K7Q2-4821-9930'] },
  emailDelivery: {
    to: 'zephyrine@quackenbush.example',
    template: 'confirm-address',
    language: 'en-US',
    link: 'https://id.example.gov/email/confirm/wS4T',
    values: { minutes: '60' },
  },
  quotaControl: { vendor: 'registry', revision: 7, calls: 50, windowSeconds: 1, paused: false },
  reportAgain: { since: '2026-11-23T00:00:00.000Z' },
  riscDelivery: {
    partner: 'sample-library',
    event: 'password-reset',
    jti: 'J'.repeat(43),
    stream: 'T'.repeat(42).concat('g'),
    set: 'eyJhbGciOiJSUzI1NiJ9.eyJqdGkiOiJKIn0.c2lnbmF0dXJl',
  },
  documentTransfer: {
    transferId: 'T'.repeat(21).concat('g'),
    destination: 'county-records',
    consumer: 'permits-office',
    source: {
      type: 'url',
      url: 'https://files.permits.example/quackenbush.pdf?signature=wS4T',
      hosts: ['files.permits.example'],
    },
    path: 'permits/2026',
    filename: 'quackenbush permit.pdf',
    conflict: 'rename',
    sha256: '5e'.repeat(32),
    maxBytes: 50_000_000,
    correlationId: 'permit-4711',
  },
  webhookDelivery: {
    consumer: 'permits-office',
    messageId: `msg_${'M'.repeat(21)}g`,
    url: 'https://hooks.permits.example/anteroom',
    timestamp: 1_795_392_000,
    signature: `v1,${'S'.repeat(43)}=`,
    body: '{"type":"transfer.delivered","data":{"path":"permits/2026"}}',
  },
} satisfies { [Key in keyof Jobs]: PayloadOf<Jobs[Key]> }

/** One result for each job. */
export const sampleResults = {
  documentProofing: {
    verdict: 'read',
    document: {
      type: 'drivers-license',
      firstName: 'Zephyrine',
      lastName: 'Quackenbush',
      dateOfBirth: '1971-02-28',
      number: 'Q7654321',
      issuer: 'VA',
      expiresOn: '2031-02-28',
      address: {
        address1: '77 Marzipan Lane',
        address2: 'Unit 9',
        city: 'Falls Church',
        state: 'VA',
        zipCode: '22046-1234',
      },
    },
    toConfirm: true,
    reference: 'd-1',
  },
  resolutionProofing: { verified: true, references: { resolution: 'r-1', stateId: 's-1' } },
  addressProofing: { verified: false, references: { address: 'a-1' } },
  credentialIssuance: { pdf: 'JVBERi0xLjc=', number: 'K7Q2-4821-9930', expiresOn: '2028-11-22' },
  credentialRevocations: { list: 'a.b.c', unknown: ['K7Q2-4821-0000'] },
  emailDelivery: { sent: true },
  quotaControl: { applied: true },
  reportAgain: { reported: 3 },
  riscDelivery: { status: 202 },
  documentTransfer: {
    filename: 'quackenbush permit (1).pdf',
    sha256: '5e'.repeat(32),
    bytes: 48_213,
    mediaType: 'application/pdf',
  },
  webhookDelivery: { status: 204 },
} satisfies { [Key in keyof Jobs]: ResultOf<Jobs[Key]> }
