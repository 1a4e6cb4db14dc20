import { imageContext, openImage } from '@anteroom/crypto'
import { newJobId } from '@anteroom/job-channel'
import { documentReasons, imageObjectKey } from '@anteroom/job-contracts'
import { afterAll, describe, expect, test } from 'vitest'
import {
  createDocumentVisitor,
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
const address = { address1: '100 EXAMPLE STREET', city: 'SEATTLE', state: 'WA', zipCode: '98109' }

describe('the way through', () => {
  test('a person shows a document, says that it was read right, adds the rest and goes on', async () => {
    const person = visitor()
    await person.reachWait()
    await site.answer({ done: readLicense })

    const waited = await person.get('/verify/wait')
    const result = await person.get('/verify/result')
    const read = await person.get('/verify/document/read')
    const confirmed = await person.confirm()
    const details = await person.get('/verify/details')
    const saved = await person.post('/verify/details', { ...address, ssn: '900-12-3456' })
    const check = await person.get('/verify/check')
    const sent = await person.post('/verify/check')

    expect(waited.headers.location).toBe('/verify/result')
    expect(result.headers.location).toBe('/verify/document/read')
    expect(read.payload).toContain('MARIA OKAFOR')
    expect(read.payload).toContain('April 12, 1986')
    expect(confirmed.headers.location).toBe('/verify/details')
    expect(details.payload).not.toContain('name="firstName"')
    expect(details.payload).toContain('value="100 EXAMPLE STREET"')
    expect(saved.headers.location).toBe('/verify/check')
    expect(check.payload).toContain('From your ID')
    expect(sent.headers.location).toBe('/verify/wait')
    expect((await site.lastJob())?.job).toBe('resolution-proofing')
  })

  test('the worker is told where the images lie and what opens them, and all of it travels sealed', async () => {
    const person = visitor()
    const form = await person.reachWait()

    const payload = await site.lastPayload()
    const [front] = payload.images
    const key = imageObjectKey(payload.submissionId, front?.uploadId ?? '')
    const slot = { ...payload, side: 'front', contentType: 'image/jpeg' }
    const opened = openImage(
      Buffer.from(payload.imageKey, 'base64url'),
      { iv: Buffer.from(front?.iv ?? '', 'base64url'), context: imageContext(slot) },
      await site.read(key),
    )

    expect(payload.images.map(({ uploadId }) => uploadId)).toEqual([
      form.front_upload,
      form.back_upload,
    ])
    expect(opened).toEqual(Buffer.from(photo))
    const keys = await web.redis.keys('session:*')
    const sessions = await Promise.all(keys.map((name) => web.redis.hgetall(name)))
    expect(JSON.stringify(sessions)).not.toContain(payload.imageKey)
  })

  test('what was read stands sealed in the session, and the key to the images is gone', async () => {
    const person = visitor()
    await person.reachRead()

    const keys = await web.redis.keys('session:*')
    const sessions = await Promise.all(keys.map((name) => web.redis.hgetall(name)))

    expect(JSON.stringify(sessions)).not.toMatch(/OKAFOR|WDLABCD456DG|1986-04-12/)
    const own = sessions.find(({ readDocument }) => readDocument !== undefined)
    expect(own).not.toHaveProperty('imageKey')
  })

  test('an address that was typed instead is marked so, and is the one that is checked', async () => {
    const person = visitor()
    await person.reachRead()
    await person.confirm()
    await person.get('/verify/details')
    await person.post('/verify/details', {
      ...address,
      address1: '7 New Street',
      ssn: '900-12-3456',
    })

    const check = await person.get('/verify/check')

    expect(check.payload).toContain('7 New Street')
    expect(check.payload).toContain('Typed by you. It is not the address on your ID.')
  })

  test('a passport leaves address and state ID open, and the state ID may stay empty', async () => {
    const { address: _none, ...document } = readLicense.document
    const passport = { ...document, type: 'passport', number: 'C01234567', issuer: 'USA' }
    const person = visitor()
    await person.reachWait('passport')
    await site.answer({ done: { ...readLicense, document: passport } })
    await person.get('/verify/wait')
    await person.get('/verify/document/read')
    await person.confirm()

    const details = await person.get('/verify/details')
    const saved = await person.post('/verify/details', {
      ...address,
      address2: '',
      stateIdJurisdiction: '',
      stateIdNumber: '',
      ssn: '900-12-3456',
    })
    const check = await person.get('/verify/check')
    const sent = await person.post('/verify/check')

    expect(details.payload).toContain('C01234567')
    expect(details.payload).toContain('name="stateIdNumber"')
    expect(saved.headers.location).toBe('/verify/check')
    expect(check.statusCode).toBe(200)
    expect(sent.headers.location).toBe('/verify/wait')
  })

  test('what was read without the barcode asks for a closer look', async () => {
    const person = visitor()
    await person.reachRead({ ...readLicense, toConfirm: true })

    const read = await person.get('/verify/document/read')

    expect(headingOf(read.payload)).toBe('Check closely what we read')
    expect((await person.get('/verify/details')).headers.location).toBe('/verify/document/read')
  })

  test('a session that is lost on the way to what was read leaves the attempt open, for the same device to find', async () => {
    const person = visitor()
    await person.reachWait()
    await site.answer({ done: readLicense })
    await person.get('/verify/wait')
    await person.get('/verify/result')
    await site.web.redis.flushall()

    await person.get('/verify/consent')
    const page = await person.get('/verify/wait')

    expect(page.statusCode).toBe(200)
  })

  test('two clicks hand in one check', async () => {
    const person = visitor()
    await person.reachPhotos()
    const form = await person.upload()
    const before = await site.jobCount()

    const answers = await Promise.all([
      person.post('/verify/document/photos', form),
      person.post('/verify/document/photos', form),
    ])

    expect(answers.map(({ headers }) => headers.location)).toEqual(['/verify/wait', '/verify/wait'])
    expect(await site.jobCount()).toBe(before + 1)
  })
})

describe('a process that died while photos were handed in', () => {
  /** What stands there after the ids were taken and before the check was enqueued. */
  async function diedOverPhotos(lapsesAt: number) {
    const person = visitor()
    await person.reachPhotos()
    const form = await person.upload()
    const session = await web.deps.sessions.load(person.cookies.get('anteroom-session') ?? '')
    if (!session?.submission) throw new Error('There is no session')
    const images = {
      key: form.imageKey ?? '',
      images: (['front', 'back'] as const).map((side) => ({
        side,
        uploadId: form[`${side}_upload`] ?? '',
        iv: form[`${side}_iv`] ?? '',
        contentType: 'image/jpeg',
      })),
    }
    await web.deps.sessions.patch(session, {
      imageKey: await web.deps.personData.sealImages(session, images),
      imagesSubmittedAt: Date.now(),
    })
    const wanted = {
      attemptId: newJobId(),
      jobId: newJobId(),
      check: 'document-proofing' as const,
      subjectId: session.submission.submissionId,
      lapsesAt,
    }
    await web.deps.sessions.claimAttempt(session, wanted, 'submission')
    return { person, form, claimed: wanted.jobId }
  }
  const soon = () => Date.now() + 60_000
  const before = () => Date.now() - 1

  test('keeps nobody from going on', async () => {
    const { person, form, claimed } = await diedOverPhotos(soon())

    const again = await person.post('/verify/document/photos', form)

    expect(again.headers.location).toBe('/verify/wait')
    expect((await site.lastJob())?.job_id).toBe(claimed)
  })

  test('is forgotten once its check could not be waited for any more', async () => {
    const { person, form, claimed } = await diedOverPhotos(before())
    // By then the images may not be sent again, so that only new ones are of use.
    await web.redis.hdel(sessionKeyOf(person), 'imageKey')

    const again = await person.post('/verify/document/photos', form)

    expect(again.headers.location).toBe('/verify/wait')
    expect((await site.lastJob())?.job_id).not.toBe(claimed)
    expect(await web.redis.hexists(sessionKeyOf(person), 'nextAttempt')).toBe(0)
  })

  test('lets nobody choose another document meanwhile, and says so', async () => {
    const { person } = await diedOverPhotos(soon())
    await person.get('/verify/document')

    const chosen = await person.post('/verify/document', { documentType: 'passport' })
    await web.redis.hset(sessionKeyOf(person), 'nextAttempt', '{}')
    const later = await person.post('/verify/document', { documentType: 'passport' })

    expect(chosen.statusCode).toBe(503)
    expect(chosen.headers['retry-after']).toBe('5')
    expect(later.headers.location).toBe('/verify/document/photos')
    expect((await person.get('/verify/document/photos')).payload).toContain('passport')
  })

  test('sends nobody round in circles when there is no room for more photos', async () => {
    const { person } = await diedOverPhotos(soon())
    const key = sessionKeyOf(person)
    const submission = JSON.parse((await web.redis.hget(key, 'submission')) ?? '{}')
    const full = Array.from({ length: 20 }, () => submission.uploads[0])
    await web.redis.hset(key, 'submission', JSON.stringify({ ...submission, uploads: full }))

    const photos = await person.get('/verify/document/photos')

    expect(photos.statusCode).toBe(503)
  })
})

describe('a document that is refused', () => {
  const refused = (problems: object[], failedImages: string[] = []) => ({
    done: { verdict: 'refused', problems, failedImages },
  })

  test.each(documentReasons)(
    'because of %s says what to do, and how many tries are left',
    async (reason) => {
      const person = visitor()
      await person.reachWait()
      await site.answer(refused([{ side: 'front', reason }]))
      await person.get('/verify/wait')

      const page = await person.get('/verify/result')

      expect(headingOf(page.payload)).toBe('We could not use your photos')
      expect(page.payload).toContain('Photo of the front')
      expect(page.payload).toContain('You have 4 tries left.')
      expect(page.payload).toContain('href="/verify/document/photos"')
      expect(page.payload).toContain('href="/other-ways"')
    },
  )

  test('says in its session neither what was wrong with it nor how old they are', async () => {
    const person = visitor()
    await person.reachWait()
    await site.answer(refused([{ side: 'both', reason: 'under-age' }]))
    await person.get('/verify/wait')

    const session = await web.redis.hgetall(sessionKeyOf(person))
    const page = await person.get('/verify/result')

    expect(session.answer).toContain('refused')
    expect(JSON.stringify(session)).not.toContain('under-age')
    expect(page.payload).toContain('<strong>')
    expect(headingOf(page.payload)).toBe('We could not use your photos')
  })

  test('is still explained where the new photos are taken', async () => {
    const person = visitor()
    await person.reachWait('passport')
    await site.answer(refused([{ side: 'front', reason: 'glare' }]))
    await person.get('/verify/wait')
    await person.get('/verify/result')

    const photos = await person.get('/verify/document/photos')
    await person.post('/verify/document', { documentType: 'passport' })
    const other = await person.get('/verify/document/photos')

    expect(photos.payload).toContain('What was wrong with the last photos')
    expect(photos.payload).toContain('Page with your picture: Light shines on your ID.')
    expect(other.payload).not.toContain('What was wrong with the last photos')
  })

  test('is not gone on with: every later step leads back', async () => {
    const person = visitor()
    await person.reachWait()
    await site.answer(refused([{ side: 'both', reason: 'sides-differ' }]))
    await person.get('/verify/wait')

    for (const path of ['/verify/document/read', '/verify/details', '/verify/check']) {
      expect((await person.get(path)).headers.location).toBe('/verify/document')
    }
  })

  test('has its images known again, so that they are not looked at twice', async () => {
    const person = visitor()
    await person.reachWait()
    await site.answer(refused([{ side: 'front', reason: 'glare' }], ['P'.repeat(43)]))
    await person.get('/verify/wait')

    await person.reachWait()

    expect((await site.lastPayload()).failedImages).toEqual(['P'.repeat(43)])
  })

  test('five times is enough for six hours', async () => {
    const person = visitor()
    for (let count = 0; count < 5; count += 1) {
      await person.reachWait()
      await site.answer(refused([{ side: 'back', reason: 'blurred' }]))
      await person.get('/verify/wait')
    }
    const last = await person.get('/verify/result')
    const before = await site.jobCount()

    const choose = await person.get('/verify/document')
    const photos = await person.get('/verify/document/photos')
    const asked = await person.sendFiles([
      { name: 'csrf', text: person.token() },
      ...['front', 'back'].map((name) => ({
        name,
        file: { bytes: photo, type: 'image/jpeg', name: 'a.jpg' },
      })),
    ])
    const limited = await person.get('/verify/result')

    expect(last.payload).toContain('You have no tries left for now.')
    expect(last.payload).not.toContain('Take new photos')
    expect(asked.headers.location).toBe('/verify/result')
    for (const page of [choose, photos, limited]) {
      expect(headingOf(page.payload)).toBe('You have tried too many times')
    }
    expect(await site.jobCount()).toBe(before)
  })
})

describe('trouble that is not the person’s', () => {
  test.each(['timed-out', 'vendor-unavailable', 'internal'] as const)(
    'such as %s: the same photos go again at the press of a button',
    async (reason) => {
      const person = visitor()
      const form = await person.reachWait()
      await site.answer({ state: 'failed', reason })
      await person.get('/verify/wait')

      const page = await person.get('/verify/result')
      const again = await person.post('/verify/retry')

      expect(page.payload).toContain('You do not need to take new ones.')
      expect(page.payload).toContain('You have 5 tries left.')
      expect(again.headers.location).toBe('/verify/wait')
      expect((await site.lastPayload()).images[0]?.uploadId).toBe(form.front_upload)
    },
  )

  test('a quarter of an hour later new photos are needed, and the key is gone', async () => {
    const person = visitor()
    await person.reachWait()
    await site.answer({ state: 'failed', reason: 'timed-out' })
    await person.get('/verify/wait')
    const key = sessionKeyOf(person)
    const open = await person.get('/verify/result')
    await web.redis.hset(key, 'imagesSubmittedAt', Date.now() - 15 * 60_000 - 1_000)

    const again = await person.post('/verify/retry')
    const page = await person.get('/verify/result')

    expect(open.payload).toContain('/verify/retry')
    expect(again.headers.location).toBe('/verify/result')
    expect(page.payload).not.toContain('/verify/retry')
    expect(page.payload).toContain('Your photos are no longer here.')
    expect(page.payload).toContain('Take new photos')
    expect(await web.redis.hexists(key, 'imageKey')).toBe(0)
  })

  test('photos that the vendor would not take are not sent to it again', async () => {
    const person = visitor()
    await person.reachWait()
    await site.answer({ state: 'failed', reason: 'rejected-input' })
    await person.get('/verify/wait')

    const page = await person.get('/verify/result')

    expect(page.payload).not.toContain('/verify/retry')
    expect(page.payload).toContain('href="/verify/document/photos"')
    expect(page.payload).toContain('You have 4 tries left.')
  })

  test('a check that was stopped before a worker had it can go again as it was', async () => {
    const person = visitor()
    await person.reachWait()
    await person.get('/verify/wait')

    await person.post('/verify/cancel')
    const page = await person.get('/verify/result')
    const again = await person.post('/verify/retry')

    expect(page.payload).toContain('Nobody has looked at your photos.')
    expect(again.headers.location).toBe('/verify/wait')
  })
})
