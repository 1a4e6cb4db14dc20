import { failureReasons } from '@anteroom/job-contracts'
import { issuedPage } from '../src/credential/pages/issued.ts'
import { type LineData, linePage } from '../src/credential/pages/line.ts'
import { expiredPage, failedPage, gonePage, leftPage } from '../src/credential/pages/out-of-line.ts'
import { type Refusal, refusedPage } from '../src/credential/pages/refused.ts'
import { agenciesPage, consentCodePage, sendConsentPage } from '../src/credential/pages/send.ts'
import { type Sent, sentPage } from '../src/credential/pages/sent.ts'
import { credentialStartPage } from '../src/credential/pages/start.ts'
import type { Pause, Standing } from '../src/line/standing.ts'
import type { PageSamples } from './page-samples.ts'

const moment = Date.UTC(2026, 0, 15, 19, 5)
const message = 'The office closes at 5 PM. <Everybody> in line will be served.'
const wait = { low: 250, likely: 330, high: 410 }

/** The pages from being verified to holding the credential. */
export function credentialSamples(): PageSamples {
  return { ...startSamples(), ...lineSamples(), ...endSamples(), ...sendSamples() }
}

function sendSamples(): PageSamples {
  const agency = { id: 'permits-office', name: 'Permits <Office>' }
  const sent =
    (now: Sent): PageSamples[string] =>
    (view) =>
      sentPage(view, { agency, sent: now })
  const problems = [
    ...(['timed-out', 'destination-unreachable', 'destination-refused'] as const),
    ...(['hash-mismatch', 'cancelled', 'internal'] as const),
  ]
  return {
    'agencies for a credential': (view) =>
      agenciesPage(view, [agency, { id: 'library', name: 'City Library' }]),
    'no agency for a credential': (view) => agenciesPage(view, [], 'City Library'),
    'consent to send a credential': (view) => sendConsentPage(view, agency),
    'consent to send a credential with an error': (view) => sendConsentPage(view, agency, true),
    'code for a credential': (view) =>
      consentCodePage(view, agency, {
        code: '7KQ2-M9XD-4T0B-WZ8R-1C5E-QJ3V-YH6N',
        goodUntil: moment,
      }),
    'code for a credential, unused': sent({ state: 'unused' }),
    'credential being sent': sent({ state: 'sending' }),
    'credential being sent, no refresh': (view) =>
      sentPage(view, { agency, sent: { state: 'sending' }, refreshes: false }),
    'credential being sent, refreshing': (view) =>
      sentPage(view, { agency, sent: { state: 'sending' }, refreshes: true }),
    'credential not sent yet': sent({ state: 'waiting' }),
    'credential sent': sent({ state: 'delivered' }),
    'credential not sent, and gone': sent({ state: 'failed', problem: 'timed-out', isKept: false }),
    ...Object.fromEntries(
      problems.map((problem) => [
        `credential not sent, ${problem}`,
        sent({ state: 'failed', problem, isKept: true }),
      ]),
    ),
  }
}

function startSamples(): PageSamples {
  const refused =
    (refusal: Refusal): PageSamples[string] =>
    (view) =>
      refusedPage(view, { refusal })
  return {
    'credential start': (view) => credentialStartPage(view, { inLine: 12_345, wait, open: true }),
    'credential start, one in line': (view) =>
      credentialStartPage(view, { inLine: 1, wait: { low: 1, likely: 5, high: 20 }, open: true }),
    'credential start, nobody in line': (view) =>
      credentialStartPage(view, { inLine: 0, open: true, message }),
    'line refused, full': refused({ state: 'full', returnAt: moment }),
    'line refused, closed': (view) => refusedPage(view, { refusal: { state: 'closed' }, message }),
    'line refused, off': refused({ state: 'off' }),
    'line refused, limited': refused({ state: 'limited', retryAt: moment }),
    'line refused, busy elsewhere': refused({ state: 'busy-elsewhere' }),
  }
}

const presence = { nextPollSeconds: 5, leaseSeconds: 45, listen: false } as const
const waiting = { state: 'waiting', ahead: 12, inLine: 300, ...presence } as const

function lineSamples(): PageSamples {
  const line =
    (standing: LineData['standing'], refreshes?: boolean): PageSamples[string] =>
    (view) =>
      linePage(view, {
        standing,
        aheadAtStart: 40,
        ...(refreshes !== undefined && { refreshes }),
      })
  const pauses: readonly Pause[] = ['stopped', 'issuer-busy', 'unknown']
  return {
    line: line({ ...waiting, wait }),
    'line with refresh': line({ ...waiting, wait }, true),
    'line without refresh': line({ ...waiting, wait }, false),
    'line with a message': line({ ...waiting, wait, message }),
    'line, unknown wait': line({ ...waiting, ahead: 43_210 }),
    'line, one ahead': line({ ...waiting, ahead: 1, wait: { low: 10, likely: 60, high: 100 } }),
    'line, next': line({ ...waiting, ahead: 0, wait: { low: 1, likely: 4, high: 20 } }),
    'line, hours': line({ ...waiting, wait: { low: 4_000, likely: 6_000, high: 9_000 } }),
    ...Object.fromEntries(
      pauses.map((paused) => [`line paused, ${paused}`, line({ ...waiting, paused })]),
    ),
    'line, called': line({ state: 'called', ...presence }),
  }
}

function endSamples(): PageSamples {
  const gone =
    (why: 'lapsed' | 'moved'): PageSamples[string] =>
    (view) =>
      gonePage(view, { state: 'gone', why })
  const failures = failureReasons.map((reason) => {
    const keepsPlace = reason !== 'rejected-input'
    const standing: Extract<Standing, { state: 'failed' }> = { state: 'failed', reason, keepsPlace }
    return [`failed in line, ${reason}`, (view) => failedPage(view, standing)] as const satisfies [
      string,
      PageSamples[string],
    ]
  })
  return {
    'line left': (view) => leftPage(view, { state: 'left', backUntil: moment }),
    'line gone, lapsed': gone('lapsed'),
    'line gone, moved': gone('moved'),
    ...Object.fromEntries(failures),
    'credential no longer kept': expiredPage,
    credential: (view) =>
      issuedPage(view, {
        number: 'AR-7K2M-94QX',
        expiresOn: '2027-01-14',
        fetchUntil: moment,
        secondsLeft: 600,
        origin: 'https://id.example.gov',
        canBeSent: true,
      }),
  }
}
