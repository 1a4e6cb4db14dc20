import { once } from 'node:events'
import { buildImages } from '@anteroom/infra/images/build-images.ts'
import { findBuilder, type Image, images, type RunOptions } from '@anteroom/infra/images/builder.ts'
import { createDatabase } from '@anteroom/infra/local/postgres.ts'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { createRoles, urlFor } from '@anteroom/infra/migrations/roles.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'
import { waitForAnswer, walkToWaitingWithLicense } from '../support/walk.ts'

const builder = await findBuilder()
if (!builder) console.warn('No Docker, Podman or buildah here: the images are not tested.')

const megabyte = 1_000_000

describe.skipIf(!builder)('the images', () => {
  const run = builder ?? never()
  beforeAll(() => buildImages(run, process.env), 30 * 60_000)

  test.each(images)('%s is smaller than 250 MB', async (image) => {
    expect(await run.sizeOf(image)).toBeLessThan(250 * megabyte)
  })

  test.each(images)(
    '%s has no shell, no package manager and nothing of ours uncompiled',
    async (image) => {
      const files = await run.filesOf(image)

      expect(files.some((file) => file.endsWith('/bin/node'))).toBe(true)
      expect(files.filter((file) => tools.test(file))).toEqual([])
      expect(files.filter((file) => /^\/anteroom\/(?!node_modules).*\.ts$/.test(file))).toEqual([])
    },
  )

  test.each(images)('%s runs as nobody in particular, and can write nothing', async (image) => {
    const said = await outputOf(image, { args: ['-e', tryToWrite], env: {} })

    expect(said).toBe('10001 10001 EROFS EROFS\n')
  })

  test('verify a person, after the migrations of their own image', async () => {
    const stack = await startTestStack()
    const { owner, settingsOf } = await emptyDatabase(stack)

    const first = await migrate(owner)
    const [web, worker] = await Promise.all([
      startService('web', stack, { builder: run, settings: settingsOf('web') }),
      startService('worker', stack, { builder: run, settings: settingsOf('worker') }),
    ])
    const { person } = await walkToWaitingWithLicense(web.url)
    const answer = await waitForAnswer(person)
    const healthy = await Promise.all([
      isHealthy('idp-web', web.internalUrl),
      isHealthy('worker', worker.internalUrl),
    ])
    const second = await migrate(owner)
    const codes = await Promise.all([web.stop(), worker.stop()])
    const healthyNoMore = await isHealthy('idp-web', web.internalUrl)
    await stack.stop()

    expect(first).toContain('applied 0001_channel')
    expect(second).toBe('nothing to do\n')
    expect(answer.heading).toBe('Your details match')
    expect(healthy).toEqual([true, true])
    expect(healthyNoMore).toBe(false)
    expect(codes).toEqual([0, 0])
  })

  test('run an operator’s command', async () => {
    const said = await outputOf('operations', { env: {} })

    expect(said).toContain('ops line status')
  })

  function migrate(owner: string): Promise<string> {
    const env = { ANTEROOM_OWNER_DATABASE_URL: owner }
    return outputOf('operations', { args: ['migrate.js'], env })
  }

  /** What HEALTHCHECK of the image says of whoever listens there. */
  async function isHealthy(image: Image, internalUrl: string): Promise<boolean> {
    const env = { ANTEROOM_INTERNAL_PORT: new URL(internalUrl).port }
    const child = await run.run(image, { args: ['health.mjs'], env })
    const [code] = await once(child, 'close')
    return code === 0
  }

  async function outputOf(image: Image, options: RunOptions): Promise<string> {
    const child = await run.run(image, options)
    const parts: Buffer[] = []
    child.stdout?.on('data', (part: Buffer) => parts.push(part))
    child.stderr?.on('data', (part: Buffer) => parts.push(part))
    await once(child, 'close')
    return Buffer.concat(parts).toString()
  }
})

const tools = /\/(?:sh|bash|dash|busybox|apt|apt-get|dpkg|npm|npx|pnpm|yarn|corepack|curl|wget)$/

const tryToWrite = `
const tried = ['/anteroom/new', '/etc/passwd'].map((file) => {
  try {
    fs.writeFileSync(file, '')
    return 'written'
  } catch ({ code }) {
    return code
  }
})
console.log(process.getuid(), process.getgid(), ...tried)
`

/** Beside the stack's own, which is migrated already: one with the roles and nothing else. */
async function emptyDatabase({ postgres, secrets }: LocalStack) {
  const adminUrl = await createDatabase(postgres.url, 'shipped')
  const passwords = {
    owner: secrets.postgresOwner,
    web: secrets.postgresWeb,
    worker: secrets.postgresWorker,
    ops: secrets.postgresOps,
  }
  await createRoles(adminUrl, passwords)
  return {
    owner: urlFor('owner', adminUrl, passwords),
    settingsOf: (role: 'web' | 'worker') => ({
      ANTEROOM_DATABASE_URL: urlFor(role, adminUrl, passwords),
    }),
  }
}

function never(): never {
  throw new Error('only looked at where there is a builder')
}
