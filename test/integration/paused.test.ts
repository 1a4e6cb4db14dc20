import { afterEach, describe, expect, test } from 'vitest'
import { applicant } from '../support/applicant.ts'
import { createVisitor, startTestWeb, type TestWeb } from '../support/web.ts'

let web: TestWeb | undefined
afterEach(() => web?.stop())

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
