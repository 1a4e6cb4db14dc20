import { afterEach, describe, expect, test } from 'vitest'
import { applicant } from '../support/applicant.ts'
import { type CredentialDesk, startCredentialDesk } from '../support/credential-desk.ts'
import { createVisitor, startTestWeb, type TestWeb } from '../support/web.ts'

let web: TestWeb | undefined
let desk: CredentialDesk | undefined
afterEach(async () => {
  await web?.stop()
  await desk?.stop()
  desk = undefined
})

const headingOf = (html: string): string =>
  /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1]?.trim() ?? ''

async function queued({ database }: TestWeb): Promise<number> {
  const { rows } = await database
    .pool('admin')
    .query('select count(*)::int as jobs from graphile_worker._private_jobs')
  return rows[0].jobs
}

describe.each(['ruby_workers_enabled', 'ruby_workers_idv_enabled'])('%s', (name) => {
  const variable = `ANTEROOM_${name.toUpperCase()}`

  test('on: who asks for a check waits for it', async () => {
    web = await startTestWeb({ [variable]: 'true' })
    const person = createVisitor(web.app)
    await person.reachCheck(applicant())

    const reply = await person.post('/verify/check')

    expect(reply.headers.location).toBe('/verify/wait')
    expect(await queued(web)).toBe(1)
  })

  test('off: they are told, nothing is enqueued or counted, and what they typed is kept', async () => {
    web = await startTestWeb({ [variable]: 'false' })
    const person = createVisitor(web.app)
    await person.reachCheck(applicant())

    const reply = await person.post('/verify/check')
    const kept = await person.get('/verify/details')

    expect(reply.statusCode).toBe(503)
    expect(reply.headers['retry-after']).toBe('600')
    expect(headingOf(reply.body)).toBe('We have paused our checks')
    expect(kept.body).toContain(`value="${applicant().city}"`)
    expect(await queued(web)).toBe(0)
    const { rows } = await web.database.pool('admin').query('select 1 from web.attempts')
    expect(rows).toEqual([])
  })

  test('off: nobody takes photos that could not be handed in', async () => {
    web = await startTestWeb({
      [variable]: 'false',
      ANTEROOM_DOCUMENT_PROOFING: 'required',
      ANTEROOM_DOCUMENT_BUCKET: 'anteroom-documents',
    })
    const person = createVisitor(web.app)
    await person.get('/verify/consent')
    await person.post('/verify/consent', { consent: 'yes' })

    const choice = await person.get('/verify/document')

    expect(choice.statusCode).toBe(503)
    expect(headingOf(choice.body)).toBe('We have paused our checks')
  })
})

/** The web of the desk is started anew with this setting, under somebody who is verified and stands before the line. */
async function restartedWith(settings: Record<string, string>) {
  desk = await startCredentialDesk()
  const { cookies } = await desk.verified()
  const { database, deps } = desk.web
  const shared = {
    ANTEROOM_REDIS_URL: deps.config.redisUrl,
    ANTEROOM_CREDENTIAL_PUBLIC_KEYS: JSON.stringify({ keys: deps.config.credentialPublicKeys }),
  }
  web = await startTestWeb({ ...shared, ...settings }, { database, line: desk.line })
  const person = createVisitor(web.app)
  for (const [name, value] of cookies) person.cookies.set(name, value)
  return { person, line: desk.line }
}

describe('the line', () => {
  test.each([
    ['ANTEROOM_RUBY_WORKERS_ENABLED', 'true'],
    ['ANTEROOM_JOBS_ENABLED', 'true'],
    ['ANTEROOM_RUBY_WORKERS_IDV_ENABLED', 'false'],
  ])('%s=%s: who is verified may join', async (name, value) => {
    const { person, line } = await restartedWith({ [name]: value })

    const start = await person.get('/credential/start')
    const request = await person.post('/credential/request')

    expect(headingOf(start.body)).toBe('Get your credential')
    expect(request.headers.location).toBe('/credential/line')
    expect(line.joined).toHaveLength(1)
  })

  test.each(['ANTEROOM_RUBY_WORKERS_ENABLED', 'ANTEROOM_JOBS_ENABLED'])(
    '%s=false: nobody new joins, and who is told so stays verified',
    async (name) => {
      const { person, line } = await restartedWith({ [name]: 'false' })

      const replies = [
        await person.get('/credential/start'),
        await person.post('/credential/request'),
        await person.get('/credential/start'),
      ]

      expect(replies.map(({ statusCode }) => statusCode)).toEqual([503, 503, 503])
      expect(replies.map(({ body }) => headingOf(body))).toEqual(
        replies.map(() => 'We have paused the line'),
      )
      expect(replies[0]?.headers['retry-after']).toBe('600')
      expect(replies[0]?.body).toContain('You stay verified until your visit ends.')
      expect(line.joined).toEqual([])
    },
  )
})
