import { once } from 'node:events'
import { appendFile, readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { assertPortsFree, portsAt } from '@anteroom/infra/local/ports.ts'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts'
import { consoleCaller } from '../support/console.ts'
import { type Dev, isRunning, startDev } from '../support/dev.ts'
import { waitForAnswer, walkToWaitingWithLicense } from '../support/walk.ts'

// In a copy of the checkout, where a package may be changed without starting a developer's own services again.
let copy: CheckoutCopy
beforeAll(async () => {
  copy = await copyCheckout()
})
afterAll(() => copy.remove())

/** Below the ports that a system hands out by itself, so that no test beside this one is given one of them. */
async function freeOffset(): Promise<number> {
  for (;;) {
    const offset = 4_000 + 100 * Math.floor(Math.random() * 240)
    const isFree = await assertPortsFree(portsAt(offset)).then(
      () => true,
      () => false,
    )
    if (isFree) return offset
  }
}

const directory = () => join(copy.root, 'data')

function start(portOffset: number): Dev {
  const dev = startDev({ root: copy.root, directory: directory(), portOffset })
  onTestFinished(async () => {
    await dev.signal('SIGTERM')
  })
  return dev
}

async function status(port: number, path = '/'): Promise<number> {
  return (await fetch(`http://127.0.0.1:${port}${path}`)).status
}

test('dev says what it starts, ends with the address, and a person is verified there', async () => {
  const dev = start(await freeOffset())
  const { ports } = dev
  const url = `http://localhost:${ports.web}`

  await dev.untilSaid('ready  ')
  const said = [...dev.output]
  const { person } = await walkToWaitingWithLicense(url)
  const identified = await waitForAnswer(person)
  const phone = await person.get('/verify/phone')
  await person.submit(phone, '/verify/phone', { phone: '(703) 555-0142' })
  const verified = await waitForAnswer(person)

  for (const part of [
    `Postgres          127.0.0.1:${ports.postgres}`,
    `Redis             127.0.0.1:${ports.redis}`,
    `S3                127.0.0.1:${ports.s3}`,
    `KMS               127.0.0.1:${ports.kms}`,
    `outbound proxy    127.0.0.1:${ports.proxy}`,
    `sandbox vendors   127.0.0.1:${ports.sandbox}`,
    `sandbox mail      127.0.0.1:${ports.mail}`,
    `sample agency     http://127.0.0.1:${ports.agency}`,
    `console           http://127.0.0.1:${ports.workerInternal}/console`,
    `sandbox mailbox   http://127.0.0.1:${ports.mailPage}`,
    'apps              idp-web and worker',
  ]) {
    expect(said).toContainEqual(expect.stringContaining(part))
  }
  expect(said.at(-1)).toBe(`ready  ${url}`)
  expect(await status(ports.web)).toBe(200)
  expect(await status(ports.webInternal, '/readyz')).toBe(200)
  expect(await status(ports.workerInternal, '/readyz')).toBe(200)
  expect(identified.heading).toBe('Your details match')
  expect(verified.heading).toBe('You are verified')
  const [, name = '', password = ''] = /to sign in +(\S+), (\S+)/.exec(said.join('\n')) ?? []
  const operator = consoleCaller(`http://127.0.0.1:${ports.workerInternal}`)
  expect((await operator.signIn(name, password)).status).toBe(303)
  expect((await operator.get('/console')).status).toBe(200)
  const [, keyFile = ''] = /with the key in (\S+)/.exec(said.join('\n')) ?? []
  const headers = { authorization: `Bearer ${(await readFile(keyFile, 'utf8')).trim()}` }
  expect((await fetch(`${url}/api/transfers`, { headers })).status).toBe(200)
})

test('a change in a package starts both services again', async () => {
  const dev = start(await freeOffset())
  await dev.untilSaid('ready  ')

  await appendFile(join(copy.root, 'packages/runtime/src/trace.ts'), '\n')
  await dev.untilSaid('"service":"idp-web","signal":"SIGTERM"')
  await dev.untilSaid('"service":"worker","signal":"SIGTERM"')
  await dev.untilSaid('"msg":"process.ready"', 4)

  expect(await status(dev.ports.web)).toBe(200)
  expect(await status(dev.ports.workerInternal, '/readyz')).toBe(200)
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s to the group leaves no process, no port and no settings',
  async (signal) => {
    const dev = start(await freeOffset())
    await dev.untilSaid('ready  ')
    const processes = await dev.processes()

    const exitCode = await dev.signal(signal)

    expect(exitCode).toBe(0)
    // Both services with what watches over them, turbo, and the servers.
    if (process.platform === 'linux') expect(processes.length).toBeGreaterThan(6)
    expect(await left(processes)).toEqual([])
    await expect(assertPortsFree(dev.ports)).resolves.toBeUndefined()
    expect((await readdir(directory())).filter((name) => /\.env$|\.pid$/.test(name))).toEqual([])
  },
)

test('a port that is taken is named, with what wanted it, and nothing is left running', async () => {
  const portOffset = await freeOffset()
  const { s3 } = portsAt(portOffset)
  const server = createServer().listen(s3, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const dev = start(portOffset)

  const exitCode = await dev.ended

  expect(exitCode).toBe(1)
  expect(dev.output).toContain(`  ${s3}  S3`)
  expect(dev.output.join('\n')).toMatch(/PORT_OFFSET=\d+/)
  expect(dev.output.join('\n')).not.toMatch(/^ +at /m)
})

test('a second dev with the same data is refused, and does not disturb the first', async () => {
  const first = start(await freeOffset())
  await first.untilSaid('ready  ')

  const second = start(await freeOffset())
  const exitCode = await second.ended

  expect(exitCode).toBe(1)
  expect(second.output).toContainEqual(expect.stringContaining('already running'))
  expect(await status(first.ports.web)).toBe(200)
})

async function left(processes: readonly number[]): Promise<number[]> {
  const running = await Promise.all(processes.map(isRunning))
  return processes.filter((_, index) => running[index])
}
