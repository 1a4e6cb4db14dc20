import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestSystem, type TestSystem, waitForAnswer, walkToWaiting } from '../support/walk.ts'

let system: TestSystem
beforeAll(async () => {
  system = await startTestSystem()
})
afterAll(() => system.stop())

test('a person without scripts goes from the first page to being verified', async () => {
  const { person, page } = await walkToWaiting(system.web.url)

  const identified = await waitForAnswer(person)
  const phone = await person.get('/verify/phone')
  const waiting = await person.submit(phone, '/verify/phone', { phone: '(703) 555-0142' })
  const verified = await waitForAnswer(person)

  expect(page.heading).toBe('We are checking your details')
  expect(identified.heading).toBe('Your details match')
  expect(waiting.path).toBe('/verify/wait')
  expect(verified.heading).toBe('You are verified')
})

describe('what the sandbox is told to do is what the person is told', () => {
  test.each([
    ['a number it does not know', { ssn: '987-65-4321' }, /could not|did not match|couldn’t/i],
    ['a number that could be real', { ssn: '123-45-6789' }, /could not|did not match|couldn’t/i],
    ['a vendor that fails', { firstName: 'Fail' }, /^The record keepers did not answer$/],
    [
      'a vendor that answers nonsense',
      { firstName: 'Garble' },
      /^The record keepers did not answer$/,
    ],
    [
      'a state office that cannot be reached',
      { stateIdNumber: 'MVAFAIL' },
      /^The record keepers did not answer$/,
    ],
  ])('%s', async (_what, changes, heading) => {
    const settled = await startFast(changes)

    expect(settled.heading).toMatch(heading)
    expect(settled.html).toContain('href="/other-ways"')
  })

  async function startFast(changes: Record<string, string>) {
    const { person } = await walkToWaiting(system.web.url, changes)
    return waitForAnswer(person)
  }
})

test('every call went through the proxy, once for each check, and none around it', async () => {
  const { person } = await walkToWaiting(system.web.url)
  await waitForAnswer(person)

  expect(system.stack.proxy.connectsTo('resolution.vendors.test')).toBeGreaterThan(0)
  expect(system.stack.proxy.refused()).toBe(0)
})

test('both services answer for their health and show their measures on the inside only', async () => {
  for (const service of [system.web, system.worker]) {
    const ready = await fetch(`${service.internalUrl}/readyz`)
    const metrics = await (await fetch(`${service.internalUrl}/metrics`)).text()

    expect(ready.status).toBe(200)
    expect(metrics).toMatch(/http_request_duration_seconds|worker_job_duration_seconds/)
  }
  for (const path of ['/livez', '/readyz', '/metrics']) {
    expect((await fetch(`${system.web.url}${path}`)).status).toBe(404)
  }
})

test('one trace leads from the form to the job', async () => {
  const { person } = await walkToWaiting(system.web.url)
  await waitForAnswer(person)

  const submitted = system.web
    .logged('request.done')
    .filter(({ route, method }) => route === '/verify/check' && method === 'POST')
    .at(-1)
  const done = system.worker.logged('job.done').at(-1)

  expect(submitted?.traceId).toMatch(/^[0-9a-f]{32}$/)
  expect(done?.traceId).toBe(submitted?.traceId)
})

test('without its keys the web refuses to take a check, and takes it once they are back', async () => {
  const { person, page } = await walkToWaiting(system.web.url)
  await waitForAnswer(person)
  expect(page.status).toBe(200)

  system.stack.kms.setCondition('failing')
  const refused = await person.get('/verify/check')
  system.stack.kms.setCondition('up')
  const again = await person.get('/verify/check')

  expect(refused.status).toBe(503)
  expect(again.status).toBe(200)
})
