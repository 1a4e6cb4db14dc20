import { setTimeout as pause } from 'node:timers/promises'
import { documentRead } from '../../../apps/idp-web/src/texts/en/document-read.ts'
import { results } from '../../../apps/idp-web/src/texts/en/results.ts'
import { headingOf } from '../../support/person.ts'
import type { Ending, Visit } from '../history.ts'
import type { Applicant } from './applicants.ts'
import { type Browser, createBrowser, type Reply } from './browser.ts'
import { type Photos, takePhotos } from './photos.ts'
import type { Random } from './random.ts'

export interface Visiting {
  readonly applicant: Applicant
  readonly webUrls: readonly string[]
  readonly random: Random
}

/** What a visit is in the end; the hashes are known to others. */
export type VisitRecord = Omit<Visit, 'fault' | 'vendorHash' | 'deviceHash'> & {
  readonly device: string | undefined
}

const triesForMs = 45_000
const waitsForMs = 75_000
const leavesShare = 0.02

/** Goes from the first page to the answer and looks at it twice, with the patience of somebody who wants to know. */
export async function visit({ applicant, webUrls, random }: Visiting): Promise<VisitRecord> {
  const browser = createBrowser(webUrls)
  const way: Way = {
    applicant,
    browser,
    random,
    handedIn: false,
    acknowledgedAt: undefined,
    left: false,
    photos: undefined,
    submissions: [],
    retries: 0,
    answers: [],
    until: Date.now() + triesForMs,
  }
  let troubles = 0
  let step: Step | undefined = consent
  while (step && Date.now() < way.until) {
    const reply: Reply | undefined = await step(way).catch(() => undefined)
    if (!reply || reply.status >= 500) {
      troubles += 1
      await pause(random.between(200, 500))
    } else {
      step = next(way, reply)
    }
  }
  return {
    nonce: applicant.nonce,
    truth: applicant.truth,
    acknowledgedAt: way.acknowledgedAt,
    left: way.left,
    retries: way.retries,
    submissions: way.submissions,
    answers: way.answers,
    troubles,
    slowestReplyMs: Math.round(browser.slowestReplyMs),
    slowReplies: browser.slowReplies,
    device: browser.cookie('anteroom-device')?.replace(/\..*$/, ''),
  }
}

interface Way {
  readonly applicant: Applicant
  readonly browser: Browser
  readonly random: Random
  /** They have sent what is to be checked; before, whoever is led to the waiting page was only forgotten. */
  handedIn: boolean
  acknowledgedAt: number | undefined
  left: boolean
  /** Of the document they show; a session that was lost takes them along. */
  photos: Photos | undefined
  readonly submissions: string[]
  retries: number
  readonly answers: { readonly ending: Ending; readonly at: number }[]
  until: number
}

type Step = (way: Way) => Promise<Reply>

const consent: Step = ({ browser }) => browser.get('/verify/consent')
const agree: Step = ({ browser }) => browser.post('/verify/consent', { consent: 'yes' })
const fillIn: Step = ({ browser, applicant }) => browser.post('/verify/details', applicant.details)
const send: Step = (way) => {
  way.handedIn = true
  return way.browser.post('/verify/check', {})
}
const choose: Step = ({ browser }) =>
  browser.post('/verify/document', { documentType: 'drivers-license' })
const openPhotos: Step = ({ browser }) => browser.get('/verify/document/photos')
const openReading: Step = ({ browser }) => browser.get('/verify/document/read')
const sendPhotos: Step = async (way) => {
  const form = (await way.photos?.send()) ?? {}
  way.handedIn = true
  return way.browser.post('/verify/document/photos', form)
}

/** The photos are still there and go again, as what was typed does. */
const retry: Step = async (way) => {
  await pause(way.random.between(3_000, 6_000))
  way.retries += 1
  return way.browser.post('/verify/retry', {})
}

const look: Step = ({ browser }) => browser.get('/verify/wait')
/** What was read has a page of its own, to which the other leads. */
const read: Step = ({ browser }) => browser.get('/verify/result')

const readAgain: Step = async (way) => {
  await pause(way.random.between(500, 3_000))
  return read(way)
}

/** Some listen to the stream of events, most ask from time to time; then all look at the page. */
const wait: Step = async (way) => {
  const { browser, random } = way
  if (random.next() < 0.2) {
    await browser.untilEvent('/verify/events', 20_000)
    return look(way)
  }
  const status = await browser.get('/verify/status')
  if (status.status !== 200) return look(way)
  const { state, nextPollSeconds }: StatusReply = JSON.parse(status.body)
  if (state !== 'waiting') return look(way)
  await pause(nextPollSeconds * 1000)
  return Date.now() < way.until ? wait(way) : look(way)
}

interface StatusReply {
  readonly state: string
  readonly nextPollSeconds: number
}

/** The step after this reply; undefined at the end of the way. */
function next(way: Way, reply: Reply): Step | undefined {
  if (reply.status === 303) return follow(way, reply.location)
  if (reply.status === 403) return consent
  if (reply.status !== 200) {
    throw new Error(`an unexpected page: ${reply.status} ${headingOf(reply.body)}`)
  }
  if (/action="\/verify\/consent"/.test(reply.body)) {
    // Whoever was told that their check is under way and is now asked to begin has been forgotten.
    return way.acknowledgedAt === undefined ? agree : undefined
  }
  if (/id="wait"/.test(reply.body)) return wait
  const [, submissionId] = /data-submission="([\w-]+)"/.exec(reply.body) ?? []
  return submissionId === undefined ? hear(way, reply) : photograph(way, submissionId)
}

function photograph(way: Way, submissionId: string): Step {
  const { browser, applicant, submissions } = way
  submissions.push(submissionId)
  return async () => {
    if (way.photos?.submissionId !== submissionId) {
      way.photos = await takePhotos(browser, submissionId, applicant.document ?? '')
    }
    return sendPhotos(way)
  }
}

/** Whoever showed a document and got no answer for no fault of theirs asks again, once; everybody else is done. */
function hear(way: Way, { body }: Reply): Step | undefined {
  const mayRepeat = way.applicant.document !== undefined && way.answers.length === 0
  if (mayRepeat && way.retries === 0 && /action="\/verify\/retry"/.test(body)) {
    way.acknowledgedAt = undefined
    way.until = Date.now() + triesForMs
    return retry
  }
  way.answers.push({ ending: endingOf(way, body), at: Date.now() })
  return way.answers.length < 2 ? readAgain : undefined
}

function endingOf({ applicant }: Way, body: string): Ending {
  const ending = endings.get(headingOf(body)) ?? 'unknown'
  return ending === 'read' && !body.includes(applicant.nonce) ? 'foreign' : ending
}

function follow(way: Way, location: string): Step | undefined {
  switch (location) {
    case '/verify/details':
      return fillIn
    case '/verify/check':
      return send
    case '/verify/document':
      return choose
    case '/verify/document/photos':
      return openPhotos
    case '/verify/document/read':
      return openReading
    case '/verify/wait':
      if (way.handedIn && way.acknowledgedAt === undefined) {
        way.acknowledgedAt = Date.now()
        way.until = way.acknowledgedAt + waitsForMs
        way.left = way.random.next() < leavesShare
      }
      return way.left ? undefined : wait
    case '/verify/result':
      return read
    default:
      return consent
  }
}

const endings: ReadonlyMap<string, Ending> = new Map([
  [results.detailsVerified.title, 'verified'],
  [results.detailsNotVerified.title, 'not-verified'],
  [results.rejectedInput.title, 'rejected-input'],
  [results.vendorTrouble.title, 'vendor-unavailable'],
  [results.timedOut.title, 'timed-out'],
  [results.expiredUnread.title, 'expired-unread'],
  [results.internal.title, 'internal'],
  [results.limited.title, 'limited'],
  [documentRead.asRead.title, 'read'],
  [documentRead.refused.title, 'refused'],
  [documentRead.failures.trouble.title, 'vendor-unavailable'],
  [documentRead.failures.timedOut.title, 'timed-out'],
  [documentRead.failures.expiredUnread.title, 'expired-unread'],
  [documentRead.failures.internal.title, 'internal'],
])
