import { setTimeout as pause } from 'node:timers/promises'
import { results } from '../../../apps/idp-web/src/texts/en/results.ts'
import { headingOf } from '../../support/person.ts'
import type { Ending, Visit } from '../history.ts'
import type { Applicant } from './applicants.ts'
import { type Browser, createBrowser, type Reply } from './browser.ts'
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
    acknowledgedAt: undefined,
    left: false,
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
    answers: way.answers,
    troubles,
    slowestReplyMs: Math.round(browser.slowestReplyMs),
    device: browser.cookie('anteroom-device')?.replace(/\..*$/, ''),
  }
}

interface Way {
  readonly applicant: Applicant
  readonly browser: Browser
  readonly random: Random
  acknowledgedAt: number | undefined
  left: boolean
  readonly answers: { readonly ending: Ending; readonly at: number }[]
  until: number
}

type Step = (way: Way) => Promise<Reply>

const consent: Step = ({ browser }) => browser.get('/verify/consent')
const agree: Step = ({ browser }) => browser.post('/verify/consent', { consent: 'yes' })
const fillIn: Step = ({ browser, applicant }) => browser.post('/verify/details', applicant.details)
const send: Step = ({ browser }) => browser.post('/verify/check', {})
const look: Step = ({ browser }) => browser.get('/verify/wait')
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
  const heading = headingOf(reply.body)
  if (reply.status === 403) return consent
  if (reply.status !== 200) throw new Error(`an unexpected page: ${reply.status} ${heading}`)
  if (/action="\/verify\/consent"/.test(reply.body)) {
    // Whoever was told that their check is under way and is now asked to begin has been forgotten.
    return way.acknowledgedAt === undefined ? agree : undefined
  }
  if (/id="wait"/.test(reply.body)) return wait
  way.answers.push({ ending: endings.get(heading) ?? 'unknown', at: Date.now() })
  return way.answers.length < 2 ? readAgain : undefined
}

function follow(way: Way, location: string): Step | undefined {
  switch (location) {
    case '/verify/details':
      return fillIn
    case '/verify/check':
      return send
    case '/verify/wait':
      if (way.acknowledgedAt === undefined) {
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
])
