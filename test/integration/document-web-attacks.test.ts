import { newJobId } from '@anteroom/job-channel'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  createDocumentVisitor,
  type DocumentVisitor,
  photo,
  readLicense,
  sessionKeyOf,
} from '../support/document-visitor.ts'
import { startDocumentWeb } from '../support/document-web.ts'
import { headingOf } from '../support/person.ts'

const site = await startDocumentWeb()
const { web } = site
afterAll(() => site.stop())

const visitor = () => createDocumentVisitor(site)
const ssn = '900-12-3456'
const address = { address1: '100 EXAMPLE STREET', city: 'SEATTLE', state: 'WA', zipCode: '98109' }
const typedDetails = {
  firstName: 'Maria',
  lastName: 'Okafor',
  birthMonth: '4',
  birthDay: '12',
  birthYear: '1986',
  stateIdJurisdiction: 'WA',
  stateIdNumber: 'WDLABCD456DG',
  ...address,
  ssn,
}

/** Every later page and form, typed or replayed; where each leads. */
async function tryEverything(person: DocumentVisitor): Promise<Record<string, unknown>> {
  const attempts = {
    read: await person.get('/verify/document/read'),
    confirm: await person.confirm(),
    details: await person.get('/verify/details'),
    typed: await person.post('/verify/details', typedDetails),
    rest: await person.post('/verify/details', { ...address, ssn }),
    check: await person.get('/verify/check'),
    send: await person.post('/verify/check'),
    phone: await person.get('/verify/phone'),
    call: await person.post('/verify/phone', { phone: '7035550142' }),
  }
  return Object.fromEntries(
    Object.entries(attempts).map(([name, { headers }]) => [name, headers.location]),
  )
}

const allLeadTo = (path: string) => ({
  read: path,
  confirm: path,
  details: path,
  typed: path,
  rest: path,
  check: path,
  send: path,
  phone: path,
  call: path,
})

describe('a step does not count without a document that was read', () => {
  test('when nothing was shown yet', async () => {
    const person = visitor()
    await person.get('/verify/consent')
    await person.post('/verify/consent', { consent: 'yes' })
    await person.get('/verify/document')
    const before = await site.jobCount()

    expect(await tryEverything(person)).toEqual(allLeadTo('/verify/document'))
    expect(await site.jobCount()).toBe(before)
  })

  test('when photos were sent but not handed in', async () => {
    const person = visitor()
    await person.reachPhotos()
    await person.upload()
    const before = await site.jobCount()

    expect(await tryEverything(person)).toEqual(allLeadTo('/verify/document'))
    expect(await site.jobCount()).toBe(before)
  })

  test('while they are being read', async () => {
    const person = visitor()
    await person.reachWait()
    const before = await site.jobCount()

    expect(await tryEverything(person)).toEqual(allLeadTo('/verify/wait'))
    expect(await site.jobCount()).toBe(before)
  })

  test.each([
    [
      'refused',
      {
        done: {
          verdict: 'refused',
          problems: [{ side: 'both', reason: 'expired' }],
          failedImages: [],
        },
      },
    ],
    ['not read in time', { state: 'failed', reason: 'timed-out' }],
  ] as const)('when they were %s', async (_what, outcome) => {
    const person = visitor()
    await person.reachWait()
    await site.answer(outcome)
    await person.get('/verify/wait')
    const before = await site.jobCount()

    expect(await tryEverything(person)).toEqual(allLeadTo('/verify/document'))
    expect(await site.jobCount()).toBe(before)
  })

  test('when the answer lies there but was never concluded in this session', async () => {
    const person = visitor()
    await person.reachWait()
    await site.answer({ done: readLicense })

    expect(await tryEverything(person)).toEqual(allLeadTo('/verify/wait'))
  })

  test('when it was read but the person has not said that it is right', async () => {
    const person = visitor()
    await person.reachRead()
    const before = await site.jobCount()

    const typed = await person.post('/verify/details', { ...address, ssn })
    const sent = await person.post('/verify/check')

    expect(typed.headers.location).toBe('/verify/document/read')
    expect(sent.headers.location).toBe('/verify/document/read')
    expect(await site.jobCount()).toBe(before)
  })
})

test('trying again is no way around the document, whatever stands in the session', async () => {
  const person = visitor()
  await person.reachRead()
  await person.confirm()
  await person.get('/verify/details')
  await person.post('/verify/details', { ...address, ssn })
  const answer = {
    kind: 'failed',
    check: 'resolution-proofing',
    reason: 'timed-out',
    attemptId: 'a',
  }
  const key = sessionKeyOf(person)
  await web.redis.hset(key, 'answer', JSON.stringify(answer))
  await web.redis.hdel(key, 'documentPass')
  const before = await site.jobCount()

  const response = await person.post('/verify/retry')

  expect(response.headers.location).toBe('/verify/check')
  expect((await person.get('/verify/check')).headers.location).toBe('/verify/document')
  expect(await site.jobCount()).toBe(before)
})

describe('a document that was read counts for whoever showed it, and for nothing else', () => {
  test('the answer to one person passes no other', async () => {
    const victim = visitor()
    await victim.reachWait()
    await site.answer({ done: readLicense })
    const attacker = visitor()
    await attacker.reachWait()

    const waiting = await attacker.get('/verify/wait')

    expect(waiting.statusCode).toBe(200)
    expect(await tryEverything(attacker)).toEqual(allLeadTo('/verify/wait'))
  })

  test('another choice of document takes it back', async () => {
    const person = visitor()
    await person.reachRead()
    await person.confirm()
    await person.get('/verify/details')
    await person.post('/verify/details', { ...address, ssn })

    await person.get('/verify/document')
    await person.post('/verify/document', { documentType: 'passport' })

    expect(await tryEverything(person)).toEqual(allLeadTo('/verify/document'))
  })

  test('photos that are handed in anew take it back at once', async () => {
    const person = visitor()
    await person.reachRead()
    await person.confirm()
    await person.get('/verify/document/photos')
    const again = await person.upload()

    await person.post('/verify/document/photos', again)
    await site.answer({
      done: {
        verdict: 'refused',
        problems: [{ side: 'front', reason: 'expired' }],
        failedImages: [],
      },
    })
    await person.get('/verify/wait')

    expect(await tryEverything(person)).toEqual(allLeadTo('/verify/document'))
  })

  test('details that arrive late, taken from the document before, are not checked', async () => {
    const person = visitor()
    await person.reachRead()
    await person.confirm()
    await person.get('/verify/details')
    await person.post('/verify/details', { ...address, ssn })
    const key = sessionKeyOf(person)
    const [details = '', detailsId = '', of = ''] = await web.redis.hmget(
      key,
      ...['details', 'detailsId', 'detailsDocument'],
    )
    await person.reachRead({
      ...readLicense,
      document: { ...readLicense.document, lastName: 'OTHER' },
    })
    await person.confirm()
    const newKey = sessionKeyOf(person)
    await web.redis.hset(newKey, { details, detailsId, detailsDocument: of })
    const before = await site.jobCount()

    const check = await person.get('/verify/check')
    const sent = await person.post('/verify/check')

    expect(check.headers.location).toBe('/verify/details')
    expect(sent.headers.location).toBe('/verify/details')
    expect(await site.jobCount()).toBe(before)
  })

  test('a yes that was said of one reading does not count for the next', async () => {
    const person = visitor()
    await person.reachRead()
    await person.confirm()
    const said = await web.redis.hget(sessionKeyOf(person), 'confirmedDocument')
    await person.reachRead()
    await web.redis.hset(sessionKeyOf(person), 'confirmedDocument', said ?? '')

    expect((await person.get('/verify/details')).headers.location).toBe('/verify/document/read')
  })

  test('a yes on a page that was left open from an earlier reading does not count either', async () => {
    const person = visitor()
    await person.reachRead()
    const [earlier = ''] = await web.redis.hmget(sessionKeyOf(person), 'documentPass')
    const { attemptId } = JSON.parse(earlier ?? '{}')
    await person.reachRead()

    const late = await person.post('/verify/document/read', { attemptId })
    const unnamed = await person.post('/verify/document/read')

    expect(late.headers.location).toBe('/verify/document/read')
    expect(unnamed.statusCode).toBe(400)
    expect((await person.get('/verify/details')).headers.location).toBe('/verify/document/read')
    expect((await person.confirm()).headers.location).toBe('/verify/details')
    expect((await person.get('/verify/details')).statusCode).toBe(200)
  })

  test('a reading for a session that is lost is shown to nobody', async () => {
    const person = visitor()
    await person.reachWait()
    await web.redis.del(sessionKeyOf(person))
    await site.answer({ done: readLicense })

    await person.get('/verify/consent')
    await person.get('/verify/wait')
    const page = await person.get('/verify/result')

    expect(page.payload).toContain('The answer about your ID is no longer here')
    expect(page.payload).not.toContain('OKAFOR')
  })
})

describe('two checks on their way at once', () => {
  /** Details that could be checked, and new photos of the same document that could be handed in. */
  async function reachBoth() {
    const person = visitor()
    await person.reachRead()
    await person.confirm()
    await person.get('/verify/details')
    await person.post('/verify/details', { ...address, ssn })
    const session = await web.deps.sessions.load(person.cookies.get('anteroom-session') ?? '')
    if (!session) throw new Error('There is no session')
    const ofDocument = {
      attemptId: newJobId(),
      jobId: newJobId(),
      check: 'document-proofing' as const,
      subjectId: session.submission?.submissionId ?? '',
      lapsesAt: Date.now() + 60_000,
    }
    return { person, session, ofDocument }
  }

  test('never carry one id: of another check nothing is handed in', async () => {
    const { person, session, ofDocument } = await reachBoth()
    await web.deps.sessions.claimAttempt(session, ofDocument, 'submission')
    const before = await site.jobCount()

    const sent = await person.post('/verify/check')

    expect(sent.headers.location).toBe('/verify/wait')
    expect(await site.jobCount()).toBe(before)
  })

  test('of one that lapsed, the ids are not taken over', async () => {
    const { person, session, ofDocument } = await reachBoth()
    const lapsed = { ...ofDocument, lapsesAt: Date.now() - 1 }
    await web.deps.sessions.claimAttempt(session, lapsed, 'submission')

    await person.post('/verify/check')

    const job = await site.lastJob()
    expect(job?.job).toBe('resolution-proofing')
    expect(job?.job_id).not.toBe(ofDocument.jobId)
    expect((await person.get('/verify/wait')).statusCode).toBe(200)
  })

  test('what was handed in for the one is not noted when the other has taken its place', async () => {
    const { person, session, ofDocument } = await reachBoth()
    await person.post('/verify/check')

    const isWritten = await web.deps.sessions.patch(
      session,
      { attempt: { ...ofDocument, enqueuedAt: 1, deadlineAt: 2 } },
      { claimed: ofDocument.jobId },
    )

    expect(isWritten).toBe(false)
    expect((await web.deps.sessions.loadAttempt(session.id))?.check).toBe('resolution-proofing')
  })
})

describe('room for photos', () => {
  const choose = (person: DocumentVisitor) =>
    person.post('/verify/document', { documentType: 'passport' })
  async function startLimited(settings: Record<string, string>) {
    const limited = await startDocumentWeb(settings)
    onTestFinished(() => limited.stop())
    return () => createDocumentVisitor(limited)
  }

  test('is given for so many documents of one person, whatever became of them', async () => {
    const newVisitor = await startLimited({ ANTEROOM_DOCUMENTS_PER_DEVICE: '3' })
    const person = newVisitor()
    await person.reachPhotos()
    const second = await choose(person)
    await person.post('/session/end')
    await person.reachPhotos()

    const fourth = await choose(person)
    const other = await newVisitor().reachPhotos()

    expect(second.headers.location).toBe('/verify/document/photos')
    expect(fourth.statusCode).toBe(429)
    expect(headingOf(fourth.payload)).toBe('You have tried too many times')
    expect(fourth.payload).toContain('<time')
    expect(other.payload).toContain('data-submission')
  })

  test('is no more for who comes without their cookies again and again', async () => {
    const newVisitor = await startLimited({ ANTEROOM_DOCUMENTS_PER_NETWORK: '3' })
    for (let count = 0; count < 3; count += 1) await newVisitor().reachPhotos()

    const fourth = await newVisitor().reachPhotos()

    expect(fourth.headers.location).toBe('/verify/document')
  })

  test('is asked for anew as often as any: a document whose room is used up is counted too', async () => {
    const newVisitor = await startLimited({ ANTEROOM_DOCUMENTS_PER_DEVICE: '1' })
    const person = newVisitor()
    await person.reachPhotos()
    const request = { side: 'front', contentType: 'image/jpeg', bytes: photo.length }
    for (let count = 0; count < 20; count += 1) await person.askFor(request)

    const next = await person.get('/verify/document/photos')

    expect(next.statusCode).toBe(429)
  })
})

describe('photos of others', () => {
  test('an upload of another person is the same as one that nobody has', async () => {
    const other = visitor()
    await other.reachPhotos()
    const theirs = await other.upload()
    const person = visitor()
    await person.reachPhotos()

    const ofOther = await person.askFor({ uploadId: theirs.front_upload })
    const ofNobody = await person.askFor({ uploadId: 'x'.repeat(43) })

    expect(ofOther.statusCode).toBe(404)
    expect([ofOther.statusCode, ofOther.payload]).toEqual([ofNobody.statusCode, ofNobody.payload])
  })

  test('handed in as one’s own they are photos that did not arrive', async () => {
    const other = visitor()
    await other.reachPhotos()
    const theirs = await other.upload()
    const person = visitor()
    await person.reachPhotos()
    const before = await site.jobCount()

    const stolen = await person.post('/verify/document/photos', theirs)
    const madeUp = await person.post('/verify/document/photos', {
      ...theirs,
      front_upload: 'x'.repeat(43),
      back_upload: 'y'.repeat(43),
    })

    expect([stolen.statusCode, madeUp.statusCode]).toEqual([422, 422])
    const withoutToken = (html: string) => html.replaceAll(/value="[\w-]{43}"/g, '')
    expect(withoutToken(stolen.payload)).toBe(withoutToken(madeUp.payload))
    expect(stolen.payload).toContain('It did not reach us.')
    expect(await site.jobCount()).toBe(before)
  })

  test('an upload of one’s own earlier document does not belong to the next', async () => {
    const person = visitor()
    await person.reachPhotos()
    const earlier = await person.upload()
    await person.reachPhotos('state-id')

    const response = await person.post('/verify/document/photos', earlier)

    expect(response.statusCode).toBe(422)
  })
})

describe('a form that is replayed', () => {
  test('while the check is under way changes nothing', async () => {
    const person = visitor()
    const form = await person.reachWait()
    const before = await site.jobCount()

    const response = await person.post('/verify/document/photos', form)

    expect(response.headers.location).toBe('/verify/wait')
    expect(await site.jobCount()).toBe(before)
  })

  test.each([
    ['read', readLicense],
    [
      'refused',
      { verdict: 'refused', problems: [{ side: 'front', reason: 'glare' }], failedImages: [] },
    ],
  ])('after it was %s hands nothing in', async (_what, result) => {
    const person = visitor()
    const form = await person.reachWait()
    await site.answer({ done: result })
    await person.get('/verify/wait')
    await person.get('/verify/document/photos')
    const before = await site.jobCount()

    const response = await person.post('/verify/document/photos', form)

    expect(response.statusCode).toBe(422)
    expect(await site.jobCount()).toBe(before)
  })

  test('by a thief without the session gets nowhere', async () => {
    const person = visitor()
    const form = await person.reachWait()

    const response = await visitor().post('/verify/document/photos', form)

    expect(response.headers.location).toBe('/')
  })
})

describe('a photos form that no page of ours sends', () => {
  const changed = async (change: (form: Record<string, string>) => Record<string, string>) => {
    const person = visitor()
    await person.reachPhotos()
    const form = await person.upload()
    const before = await site.jobCount()
    const response = await person.post('/verify/document/photos', { ...form, ...change(form) })
    expect(await site.jobCount()).toBe(before)
    return response
  }

  test.each<[string, (form: Record<string, string>) => Record<string, string>]>([
    ['the same IV twice', ({ front_iv = '' }) => ({ back_iv: front_iv })],
    ['an IV of another length', () => ({ front_iv: 'AAAA' })],
    ['a key of another length', () => ({ imageKey: 'A'.repeat(22) })],
    ['no key', () => ({ imageKey: '' })],
    ['a key that is none', () => ({ imageKey: '!'.repeat(43) })],
    ['a URL', () => ({ front_url: 'https://evil.example/' })],
  ])('with %s is refused', async (_what, change) => {
    const response = await changed(change)

    expect(response.statusCode).toBe(400)
    expect(response.payload).toContain('We could not read what was sent')
  })

  test.each<[string, (form: Record<string, string>) => Record<string, string>]>([
    [
      'its sides swapped',
      ({ front_upload = '', back_upload = '' }) => ({
        front_upload: back_upload,
        back_upload: front_upload,
      }),
    ],
    ['one photo for both sides', ({ front_upload = '' }) => ({ back_upload: front_upload })],
    ['a type that was not announced', () => ({ front_type: 'image/png' })],
    ['a side left out', () => ({ back_upload: '' })],
  ])('with %s shows the page again and says which side', async (_what, change) => {
    const response = await changed(change)

    expect(response.statusCode).toBe(422)
    expect(response.payload).toContain('error-summary')
  })

  test.each([
    ['nothing', {}],
    ['an unknown side', { side: 'top', contentType: 'image/jpeg', bytes: 5 }],
    ['a side too many', { side: 'back', contentType: 'image/jpeg', bytes: 5 }],
    ['another type', { side: 'front', contentType: 'image/svg+xml', bytes: 5 }],
    ['a fixture where none is taken', { side: 'front', contentType: 'text/yaml', bytes: 5 }],
    ['no bytes', { side: 'front', contentType: 'image/jpeg', bytes: 0 }],
    ['too many bytes', { side: 'front', contentType: 'image/jpeg', bytes: 15 * 1024 * 1024 + 1 }],
    ['half a byte', { side: 'front', contentType: 'image/jpeg', bytes: 1.5 }],
    ['a key of its own', { side: 'front', contentType: 'image/jpeg', bytes: 5, uploadId: 'x' }],
  ])('or room asked for %s is refused', async (_what, request) => {
    const person = visitor()
    await person.reachPhotos('passport')

    const response = await person.askFor(request)

    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({ error: 400 })
  })

  test.each([
    ['no token', { csrf: '' }, 403],
    ['a token of someone else', { csrf: 'x'.repeat(43) }, 403],
  ])('or room asked for with %s', async (_what, change, status) => {
    const person = visitor()
    await person.reachPhotos()
    const request = { side: 'front', contentType: 'image/jpeg', bytes: photo.length, ...change }

    expect((await person.askFor(request)).statusCode).toBe(status)
  })

  test('room is given twenty times for one document, however fast it is asked for', async () => {
    const person = visitor()
    await person.reachPhotos()
    const request = { side: 'front', contentType: 'image/jpeg', bytes: photo.length }

    const answers = await Promise.all(Array.from({ length: 25 }, () => person.askFor(request)))
    const fresh = await person.get('/verify/document/photos')

    const given = answers.filter(({ statusCode }) => statusCode === 201)
    expect(given).toHaveLength(20)
    expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(5)
    expect(new Set(given.map((one) => one.json().uploadId)).size).toBe(20)
    expect(fresh.headers.location).toBe('/verify/document/photos')
    expect((await person.askFor(request)).statusCode).toBe(201)
  })
})
