import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ops, opsOf } from '../support/ops.ts'
import { type RunningService, startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
let web: RunningService
let worker: RunningService
let ops: Ops
beforeAll(async () => {
  stack = await startTestStack()
  web = await startService('web', stack)
  worker = await startService('worker', stack)
  ops = await opsOf(stack)
})
afterAll(async () => {
  await web.stop()
  await worker.stop()
  await stack.stop()
})

const status = async (): Promise<string> => (await ops(['line', 'status'])).said

test('a rate, a pause and its end are in effect on a running worker when the command says so', async () => {
  const rated = await ops(['line', 'rate', '7/1s'])
  const afterRate = await status()
  const paused = await ops(['line', 'pause'])
  const afterPause = await status()
  const resumed = await ops(['line', 'resume'])
  const afterResume = await status()

  expect([rated, paused, resumed].map(({ code }) => code)).toEqual([0, 0, 0])
  expect(afterRate).toMatch(/rate +7 calls a second/)
  expect(afterPause).toMatch(/calling +paused by an operator/)
  expect(afterPause).toMatch(/rate +7 calls a second/)
  expect(afterResume).toMatch(/calling +goes on/)
})

test('orders given at once all come into effect, whichever the worker does first', async () => {
  const answers = await Promise.all([
    ops(['line', 'rate', '11/1s']),
    ops(['line', 'pause']),
    ops(['line', 'rate', '13/1s']),
  ])

  const after = await status()
  expect(answers.map(({ code }) => code)).toEqual([0, 0, 0])
  expect(after).toMatch(/rate +1[13] calls a second/)
  expect(after).toMatch(/calling +paused by an operator/)
})

test('an account is suspended and reinstated by a running web when the command says so', async () => {
  const admin = new pg.Pool({ connectionString: stack.adminUrl, max: 1 })
  const id = 'i'.repeat(43)
  await admin.query(
    `insert into web.accounts (id, address_hash, address) values ($1, 'none', 'none')`,
    [id],
  )
  const isSuspended = async () => {
    const { rows } = await admin.query<{ suspended: boolean }>(
      'select suspended_at is not null as suspended from web.accounts where id = $1',
      [id],
    )
    return rows[0]?.suspended
  }

  const suspended = await ops(['account', 'suspend', id])
  const between = await isSuspended()
  const reinstated = await ops(['account', 'reinstate', id])
  const after = await isSuspended()
  const unknown = await ops(['account', 'suspend', 'nobody@example.test'])
  await admin.end()

  expect([suspended, reinstated].map(({ code }) => code)).toEqual([0, 0])
  expect(suspended.said).toContain(`In effect: account ${id}`)
  expect([between, after]).toEqual([true, false])
  // The web could read the address, and nobody has it.
  expect(unknown).toMatchObject({ code: 1, said: 'Failed: there is no such account.\n' })
})
