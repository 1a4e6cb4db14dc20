import { type DocumentType, documentReasons, type ReadDocument } from '@anteroom/job-contracts'
import { readPage } from '../src/documents/pages/read.ts'
import { toDetailsValues } from '../src/proofing/details-form.ts'
import { checkPage } from '../src/proofing/pages/check.ts'
import { detailsPage } from '../src/proofing/pages/details.ts'
import { resultPage } from '../src/proofing/pages/result.ts'
import type { Details } from '../src/proofing/person-data.ts'
import type { PageSamples } from './page-samples.ts'

const address = {
  address1: '12 Garden Street',
  city: 'Arlington',
  state: 'VA',
  zipCode: '22201',
} as const

const license: ReadDocument = {
  type: 'drivers-license',
  firstName: 'SUSAN',
  lastName: 'O’NEIL & SONS',
  dateOfBirth: '1986-04-28',
  number: 'A1234567',
  issuer: 'VA',
  expiresOn: '2031-04-28',
  address: { ...address, address2: 'APT <4>' },
}

const { address: _onNoPassport, ...withoutAddress } = license
const passport: ReadDocument = {
  ...withoutAddress,
  type: 'passport',
  number: 'C01234567',
  issuer: 'USA',
}

const details: Details = {
  firstName: license.firstName,
  lastName: license.lastName,
  dateOfBirth: license.dateOfBirth,
  ssn: '900123456',
  ...address,
}

/** Every page about a document that was read or refused, in every state. */
export function documentSamples(): PageSamples {
  return { ...readSamples(), ...refusedSamples(), ...detailsSamples() }
}

function readSamples(): PageSamples {
  return {
    'read license': (view) =>
      readPage(view, { document: license, attemptId: 'a', toConfirm: false }),
    'read license to confirm': (view) =>
      readPage(view, { document: license, attemptId: 'a', toConfirm: true }),
    'read state ID': (view) =>
      readPage(view, {
        document: { ...license, type: 'state-id' },
        attemptId: 'a',
        toConfirm: false,
      }),
    'read passport': (view) =>
      readPage(view, { document: passport, attemptId: 'a', toConfirm: false }),
    'read passport of another country': (view) =>
      readPage(view, {
        document: { ...passport, issuer: 'CAN' },
        attemptId: 'a',
        toConfirm: false,
      }),
  }
}

function refusedSamples(): PageSamples {
  const all = documentReasons.map((reason) => ({ side: 'front', reason }) as const)
  const problems = [
    ...all,
    { side: 'back', reason: 'glare' },
    { side: 'both', reason: 'expired' },
  ] as const
  return {
    'document refused, not verified': refused(problems, 3),
    'document refused, not verified, last try': refused(problems, 0),
    'document refused as expired, not verified': refused([{ side: 'both', reason: 'expired' }], 2),
    'document refused for one photo twice, not verified': refused(
      [{ side: 'both', reason: 'same-image' }],
      2,
    ),
    'passport refused, not verified': refused(
      [
        { side: 'front', reason: 'wrong-type' },
        { side: 'both', reason: 'expired' },
      ],
      2,
      'passport',
    ),
    'photos gone, failed': (view) => {
      const answer = { kind: 'failed', reason: 'timed-out', attemptId: 'a' } as const
      const check = 'document-proofing'
      const tries = { left: 4 }
      return resultPage(view, { answer: { ...answer, check }, tries, canRepeat: false, now: 0 })
    },
  }
}

function refused(
  problems: Extract<Parameters<typeof resultPage>[1]['answer'], { kind: 'refused' }>['problems'],
  left: number,
  documentType: DocumentType = 'drivers-license',
): PageSamples[string] {
  const answer = { kind: 'refused', documentType, problems } as const
  const retryAt = Date.UTC(2026, 0, 15, 19, 45)
  const now = Date.UTC(2026, 0, 15, 14)
  return (view) => resultPage(view, { answer, tries: { left, retryAt }, canRepeat: false, now })
}

function detailsSamples(): PageSamples {
  const card = { stateIdNumber: license.number, stateIdJurisdiction: 'VA' } as const
  const moved = { ...details, ...card, address1: '1 Other Street' }
  const missing = { ssn: 'missing', address1: 'missing', stateIdNumber: 'missing' } as const
  return {
    'details after a license': (view) =>
      detailsPage(view, { values: { ...license.address }, errors: {}, document: license }),
    'details after a passport': (view) =>
      detailsPage(view, { values: {}, errors: {}, document: passport }),
    'details after a passport, all missing': (view) =>
      detailsPage(view, { values: {}, errors: missing, document: passport }),
    'details of someone who moved': (view) =>
      detailsPage(view, { values: toDetailsValues(moved), errors: {}, document: license }),
    'check of a license': (view) =>
      checkPage(view, {
        details: { ...details, ...card, address2: 'APT <4>' },
        document: license,
      }),
    'check of someone who moved': (view) => checkPage(view, { details: moved, document: license }),
    'check of a passport': (view) => checkPage(view, { details, document: passport }),
  }
}
