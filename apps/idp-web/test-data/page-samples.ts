import { type FailureReason, failureReasons } from '@anteroom/job-contracts'
import type { Html } from '../src/html.ts'
import type { View } from '../src/layout.ts'
import { errorPage } from '../src/pages/error.ts'
import { otherWaysPage } from '../src/pages/other-ways.ts'
import { type ScenarioGroup, type SpecimenFiles, sandboxPage } from '../src/pages/sandbox.ts'
import { sessionEndedPage } from '../src/pages/session-ended.ts'
import type { ErrorStatus } from '../src/plugins/http-error.ts'
import { type Check, checks, type RecordCheck } from '../src/proofing/answer.ts'
import { parseDetails, toDetailsValues } from '../src/proofing/details-form.ts'
import { checkPage } from '../src/proofing/pages/check.ts'
import { consentPage } from '../src/proofing/pages/consent.ts'
import { detailsPage } from '../src/proofing/pages/details.ts'
import { pausedPage } from '../src/proofing/pages/paused.ts'
import { phonePage } from '../src/proofing/pages/phone.ts'
import { type ResultData, resultPage } from '../src/proofing/pages/result.ts'
import { startPage } from '../src/proofing/pages/start.ts'
import { waitPage } from '../src/proofing/pages/wait.ts'
import type { Details } from '../src/proofing/person-data.ts'
import { toldEventsPage } from '../src/security-events/viewer/told-events-page.ts'
import { verifyPage } from '../src/verify-credential/verify-page.ts'
import { accountSamples } from './account-samples.ts'
import { captureSamples } from './capture-samples.ts'
import { credentialSamples } from './credential-samples.ts'
import { documentSamples } from './document-samples.ts'
import { factorSamples } from './factor-samples.ts'
import { identitySamples } from './identity-samples.ts'
import { openidSamples } from './openid-samples.ts'

/** Every page in every state, by name: for tests that hold for all of them. */
export type PageSamples = Readonly<Record<string, (view: View) => Html>>

export const sampleDetails: Details = {
  firstName: 'Susan',
  lastName: 'O’Neil & Sons',
  dateOfBirth: '1986-04-28',
  ssn: '900123456',
  stateIdNumber: 'A1234567',
  stateIdJurisdiction: 'VA',
  address1: '12 Garden Street',
  address2: 'Apt <4>',
  city: 'Arlington',
  state: 'VA',
  zipCode: '22201-1234',
}

export function pageSamples(): PageSamples {
  return {
    ...formSamples(),
    ...captureSamples(),
    ...documentSamples(),
    ...waitSamples(),
    ...resultSamples(),
    ...credentialSamples(),
    ...accountSamples(),
    ...factorSamples(),
    ...openidSamples(),
    ...identitySamples(),
    ...otherSamples(),
  }
}

function formSamples(): PageSamples {
  const values = toDetailsValues(sampleDetails)
  return {
    start: (view) => startPage(view),
    'start without documents': (view) => startPage({ ...view, documents: false }),
    'start in line': (view) => startPage(view, { hasPlace: true }),
    consent: (view) => consentPage(view, {}),
    'consent in line': (view) => consentPage(view, { hasPlace: true }),
    'consent without documents': (view) => consentPage({ ...view, documents: false }, {}),
    'consent with a vendor': (view) => consentPage({ ...view, vendorMayRead: true }, {}),
    'consent with an error': (view) => consentPage(view, { error: true }),
    details: (view) => detailsPage(view, { values: {}, errors: {} }),
    'details filled in': (view) => detailsPage(view, { values, errors: {} }),
    'details all missing': wrongDetails({}),
    'details all wrong': wrongDetails(wrongValues),
    'details with a month that is none': wrongDetails({ ...values, birthMonth: '13' }),
    'details with a day that is none': wrongDetails({ ...values, birthMonth: '2', birthDay: '30' }),
    'details born in the future': wrongDetails({ ...values, birthYear: '2999' }),
    'details too young': wrongDetails({ ...values, birthYear: '2025' }),
    'details too old': wrongDetails({ ...values, birthYear: '1850' }),
    check: (view) => checkPage(view, { details: sampleDetails }),
    phone: (view) => phonePage(view, { values: {}, errors: {} }),
    'phone filled in': (view) => phonePage(view, { values: { phone: '+17035550123' }, errors: {} }),
    'phone missing': (view) =>
      phonePage(view, { values: { phone: '' }, errors: { phone: 'missing' } }),
    'phone wrong': (view) =>
      phonePage(view, { values: { phone: '"<12>' }, errors: { phone: 'invalid' } }),
  }
}

const wrongValues = {
  firstName: '\u0000',
  lastName: '<b>'.repeat(30),
  birthMonth: '4',
  birthDay: '28',
  birthYear: '86',
  address1: 'x'.repeat(101),
  address2: 'x'.repeat(101),
  city: 'x'.repeat(61),
  state: 'XX',
  zipCode: '1',
  stateIdJurisdiction: '"><script>alert(1)</script>',
  stateIdNumber: '!',
  ssn: '12',
}

function wrongDetails(body: object): (view: View) => Html {
  const form = parseDetails(body, { today: '2026-01-15' })
  if (form.ok !== false) throw new Error('The sample should be wrong')
  const { values, errors } = form
  return (view) => detailsPage(view, { values, errors })
}

function waitSamples(): PageSamples {
  const [document, identity, phone] = checks
  const data = { elapsedSeconds: 12, maximumSeconds: 60 }
  return {
    'wait for the document check': (view) => waitPage(view, { ...data, check: document }),
    'wait for the identity check': (view) => waitPage(view, { ...data, check: identity }),
    'wait for the phone check': (view) => waitPage(view, { ...data, check: phone }),
    'wait with refresh': (view) => waitPage(view, { ...data, check: phone, refreshes: true }),
    'paused document check': (view) => pausedPage(view, { check: document }),
    'paused identity check': (view) => pausedPage(view, { check: identity }),
    'paused phone check': (view) => pausedPage(view, { check: phone }),
    'wait without refresh': (view) => waitPage(view, { ...data, check: phone, refreshes: false }),
  }
}

const retryAt = Date.UTC(2026, 0, 15, 19, 45)
const recordChecks: readonly RecordCheck[] = ['resolution-proofing', 'address-proofing']

function resultSamples(): PageSamples {
  return Object.assign(
    {},
    ...recordChecks.map(verdictsOf),
    ...checks.map(resultsOf),
    ...checks.map(failuresOf),
  )
}

function verdictsOf(check: RecordCheck): PageSamples {
  const notVerified = { kind: 'not-verified', check, attemptId: 'a' } as const
  return {
    [`${check} verified`]: result({ kind: 'verified', check, attemptId: 'a' }, { left: 4 }),
    [`${check} verified, where there are no credentials`]: (view) =>
      result(
        { kind: 'verified', check, attemptId: 'a' },
        { left: 4 },
      )({
        ...view,
        credentials: false,
      }),
    [`${check} not verified`]: result(notVerified, { left: 3 }),
    [`${check} not verified, last try`]: result(notVerified, { left: 0, retryAt }),
  }
}

function resultsOf(check: Check): PageSamples {
  return {
    [`${check} limited`]: result({ kind: 'limited', check, retryAt }, { left: 0, retryAt }),
    [`${check} limited until now`]: (view) =>
      resultPage(view, {
        answer: { kind: 'limited', check, retryAt },
        tries: { left: 1 },
        canRepeat: true,
        now: retryAt,
      }),
    [`${check} expired unread`]: result(
      { kind: 'expired-unread', check, attemptId: 'a' },
      { left: 1 },
    ),
  }
}

function failuresOf(check: Check): PageSamples {
  const failed = (reason: FailureReason) =>
    ({ kind: 'failed', check, reason, attemptId: 'a' }) as const
  return {
    ...Object.fromEntries(
      failureReasons.map((reason) => [
        `${check} failed, ${reason}`,
        result(failed(reason), { left: 4 }),
      ]),
    ),
    [`${check} stopped late`]: result({ ...failed('cancelled'), begun: true }, { left: 3 }),
  }
}

function result(answer: ResultData['answer'], tries: ResultData['tries']): (view: View) => Html {
  const now = Date.UTC(2026, 0, 15, 14)
  return (view) => resultPage(view, { answer, tries, canRepeat: true, now })
}

function otherSamples(): PageSamples {
  const statuses: readonly ErrorStatus[] = [400, 403, 404, 413, 415, 429, 500, 503]
  const errors = statuses.map(
    (status) => [`error ${status}`, (view: View) => errorPage(view, { status })] as const,
  )
  const groups: ScenarioGroup[] = [
    {
      title: 'Phone',
      hint: 'Type it where you are asked for it.',
      values: [{ input: '703-555-5888', effect: 'The record keeper never answers' }],
    },
    {
      title: 'First name',
      hint: 'It is read from the ID. Save a file and choose it instead of each photo.',
      values: [
        { input: 'Slow 5', effect: 'The answer takes 5 seconds', file: { name: 'slow-5.yaml' } },
      ],
    },
  ]
  const license = { documentType: 'drivers-license', files: ['front.jpg', 'back.jpg'] } as const
  const specimens: SpecimenFiles[] = [
    { ...license, title: 'A license', expected: 'read' },
    { ...license, title: 'A scratched license', expected: 'to-confirm' },
    { ...license, title: 'A blurred one', expected: [{ side: 'back', reason: 'blurred' }] },
  ]
  return {
    ...Object.fromEntries(errors),
    'session ended': (view) => sessionEndedPage(view),
    'session ended in line': (view) => sessionEndedPage(view, { gaveUpPlace: true }),
    'other ways': otherWaysPage,
    'the check of a credential': (view) =>
      verifyPage(view, { issuer: 'https://id.example.test', issuerName: 'The <Agency>' }),
    'security events': (view) =>
      toldEventsPage(view, [toldEvent, { ...toldEvent, reason: 'exhausted' }]),
    'no security events': (view) => toldEventsPage(view, []),
    sandbox: (view) => sandboxPage(view, { groups, specimens }),
    'sandbox without specimens': (view) => sandboxPage(view, { groups, specimens: [] }),
  }
}

const toldEvent = {
  jti: '0123456789abcdef0123456789abcdef',
  event: 'password-reset',
  partner: 'city-library',
  state: 'dead',
  reason: null,
  attempts: 1,
  happened_at: new Date(Date.UTC(2026, 0, 15, 19, 45)),
}
