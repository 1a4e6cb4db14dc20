import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { flag, wholeNumber } from './setting-types.ts'
import { loadSettings } from './settings.ts'
import type { SettingsError } from './settings-error.ts'

const shared = z.object({
  databaseUrl: z.url(),
  logLevel: z.enum(['info', 'debug']).default('info'),
})
const schema = z.object({
  ...shared.shape,
  port: wholeNumber({ min: 1, max: 65_535 }).default(3000),
  sandbox: flag().default(false),
  sealKey: z.string().length(4).meta({ secret: true }),
})
const enough = { ANTEROOM_DATABASE_URL: 'postgres://127.0.0.1/a', ANTEROOM_SEAL_KEY: 'abcd' }

async function settingsFile(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'anteroom settings '))
  onTestFinished(() => rm(directory, { recursive: true }))
  await writeFile(join(directory, 'a.yaml'), text)
  return `file:${encodeURI(join(directory, 'a.yaml'))}`
}

async function refusal(env: Record<string, string>): Promise<SettingsError> {
  return loadSettings(schema, { env }).then(
    () => Promise.reject(new Error('The settings were taken')),
    (error) => error,
  )
}

test('the environment overrides the file, and the file the defaults', async () => {
  const address = await settingsFile('port: 1\nsandbox: true\nseal_key: file\nlog_level: debug\n')
  const env = { ...enough, ANTEROOM_SETTINGS: address, ANTEROOM_PORT: '2' }

  const settings = await loadSettings(schema, { env })

  expect(settings).toEqual({
    databaseUrl: 'postgres://127.0.0.1/a',
    logLevel: 'debug',
    port: 2,
    sandbox: true,
    sealKey: 'abcd',
  })
})

test('settings cannot be changed once they are loaded', async () => {
  const settings = await loadSettings(schema, { env: enough })

  expect(Object.isFrozen(settings)).toBe(true)
})

test('variables of others are left alone', async () => {
  const env = { ...enough, PATH: '/bin', ANTEROOM: 'x', MY_ANTEROOM_PORT: 'x' }

  await expect(loadSettings(schema, { env })).resolves.toMatchObject({ port: 3000 })
})

test('every problem is named at once, with where it comes from', async () => {
  const address = await settingsFile('log_level: loud\nportt: 1\nport: 1.5\n')
  const error = await refusal({
    ANTEROOM_SETTINGS: address,
    ANTEROOM_DATABASE_URL: 'no address',
    ANTEROOM_SANDBOX: 'yes',
    ANTEROOM_COLOUR: 'blue',
  })

  expect(error.code).toBe('SETTINGS_INVALID')
  expect(error.problems).toEqual([
    { setting: 'portt (in the settings file)', problem: 'unknown' },
    { setting: 'ANTEROOM_COLOUR', problem: 'unknown' },
    { setting: 'database_url (ANTEROOM_DATABASE_URL)', problem: 'wrong' },
    { setting: 'log_level (in the settings file)', problem: 'wrong' },
    { setting: 'port (in the settings file)', problem: 'wrong' },
    { setting: 'sandbox (ANTEROOM_SANDBOX)', problem: 'wrong' },
    { setting: 'seal_key (ANTEROOM_SEAL_KEY)', problem: 'missing' },
  ])
  for (const { setting } of error.problems) expect(error.message).toContain(setting)
})

test('no value is ever part of the error, wherever it stood', async () => {
  const address = await settingsFile(
    'seal_key: hunter2\nhunter2 is my key: 1\ndatabase_url: [hunter2]\n',
  )
  const error = await refusal({
    ANTEROOM_SETTINGS: address,
    ANTEROOM_PORT: 'hunter2',
    'ANTEROOM_hunter2 is my key': '',
  })

  expect(error.problems).toHaveLength(5)
  expect(`${error.stack}${JSON.stringify(error)}${error.cause}`).not.toContain('hunter2')
})

test.each([
  ['a duplicate key', 'seal_key: hunter2\nseal_key: hunter2\n', 'line 2, column 1'],
  ['an open quote', 'seal_key: "hunter2\n', 'line 2, column 1'],
  ['a tab for indentation', 'a:\n\thunter2: 1\n', 'line 2'],
  ['an unknown tag', 'seal_key: !hunter2 x\n', 'line 1, column 11'],
  ['two documents', 'seal_key: abcd\n---\nhunter2: 1\n', 'line 2'],
  ['a map for a key', '? {hunter2: 1}\n: 2\n', 'line 1'],
])('YAML with %s is refused by place, not by quoting it', async (_what, text, place) => {
  const error = await refusal({ ...enough, ANTEROOM_SETTINGS: await settingsFile(text) })

  expect(error.problems).toEqual([
    { setting: expect.stringContaining(`is not valid YAML at ${place}`), problem: 'unreadable' },
  ])
  expect(error.stack).not.toContain('hunter2')
})

test.each([
  ['a list', '- hunter2\n'],
  ['a text', 'hunter2\n'],
  ['an alias', 'seal_key: &hunter2 abcd\nlog_level: *hunter2\n'],
])('YAML that is %s is refused', async (_what, text) => {
  const error = await refusal({ ...enough, ANTEROOM_SETTINGS: await settingsFile(text) })

  expect(error.problems).toEqual([
    { setting: 'ANTEROOM_SETTINGS (must be a list of names and values)', problem: 'unreadable' },
  ])
})

test('an empty settings file is no problem', async () => {
  const env = { ...enough, ANTEROOM_SETTINGS: await settingsFile('# nothing yet\n') }

  await expect(loadSettings(schema, { env })).resolves.toMatchObject({ port: 3000 })
})

test('a key that reaches for the prototype is just an unknown setting', async () => {
  const address = await settingsFile('__proto__: { port: 1 }\nconstructor: 1\n')
  const error = await refusal({ ...enough, ANTEROOM_SETTINGS: address })

  expect(error.problems.map(({ problem }) => problem)).toEqual(['unknown', 'unknown'])
})

test.each([
  ['file:///nowhere/hunter2.yaml', 'cannot be read'],
  ['file:/tmp', 'cannot be read'],
  ['/etc/hunter2.yaml', 'must be file:/path or s3://bucket/key'],
  ['file:hunter2.yaml', 'must be file:/path or s3://bucket/key'],
  ['https://hunter2/', 'must be file:/path or s3://bucket/key'],
  ['s3://hunter2', 'must be file:/path or s3://bucket/key'],
  ['s3://hunter2/without-a-reader', 'must be file:/path or s3://bucket/key'],
  ['', 'must be file:/path or s3://bucket/key'],
])('the address %j is refused together with what else is wrong', async (address, reason) => {
  const error = await refusal({ ANTEROOM_SETTINGS: address, ANTEROOM_PORT: 'x' })

  expect(error.problems).toEqual([
    { setting: `ANTEROOM_SETTINGS (${reason})`, problem: 'unreadable' },
    { setting: 'port (ANTEROOM_PORT)', problem: 'wrong' },
  ])
  expect(error.stack).not.toContain('hunter2')
})

test('a settings file in S3 is read by bucket and key', async () => {
  const read: unknown[] = []
  const readS3 = async (object: object) => {
    read.push(object)
    return 'port: 7'
  }
  const env = { ...enough, ANTEROOM_SETTINGS: 's3://secrets/web/settings.yaml' }

  const settings = await loadSettings(schema, { env, readS3 })

  expect(settings.port).toBe(7)
  expect(read).toEqual([{ bucket: 'secrets', key: 'web/settings.yaml' }])
})

test('settings that contradict each other are reported as such', async () => {
  const pair = z
    .object({ low: wholeNumber({ min: 0, max: 9 }), high: wholeNumber({ min: 0, max: 9 }) })
    .refine(({ low, high }) => low < high)

  const loading = loadSettings(pair, { env: { ANTEROOM_LOW: '5', ANTEROOM_HIGH: '4' } })

  await expect(loading).rejects.toMatchObject({
    problems: [{ setting: 'settings that do not fit together', problem: 'wrong' }],
  })
})

test.each(['', ' ', '1.5', '1e3', '0x10', 'Infinity', '0', '65536', '١', '9'.repeat(30)])(
  'the text %j is no port number',
  async (text) => {
    const error = await refusal({ ...enough, ANTEROOM_PORT: text })

    expect(error.problems).toEqual([{ setting: 'port (ANTEROOM_PORT)', problem: 'wrong' }])
  },
)

test.each(['', 'TRUE', '1', 'yes', 'on', ' true'])('the text %j is no flag', async (text) => {
  const error = await refusal({ ...enough, ANTEROOM_SANDBOX: text })

  expect(error.problems).toEqual([{ setting: 'sandbox (ANTEROOM_SANDBOX)', problem: 'wrong' }])
})

describe('a setting that had another name before', () => {
  const renamed = z.object({ jobsEnabled: flag().default(true).meta({ alias: 'ruby_workers' }) })

  test.each([{ ANTEROOM_JOBS_ENABLED: 'false' }, { ANTEROOM_RUBY_WORKERS: 'false' }])(
    'may be given as %o',
    async (env) => {
      expect(await loadSettings(renamed, { env })).toEqual({ jobsEnabled: false })
    },
  )

  test('may be given by that in the file, and by the same in the environment over it', async () => {
    const ANTEROOM_SETTINGS = await settingsFile('ruby_workers: false\n')
    const over = { ANTEROOM_SETTINGS, ANTEROOM_RUBY_WORKERS: 'true' }

    expect(await loadSettings(renamed, { env: { ANTEROOM_SETTINGS } })).toEqual({
      jobsEnabled: false,
    })
    expect(await loadSettings(renamed, { env: over })).toEqual({ jobsEnabled: true })
  })

  test('is refused under both names, wherever they stand', async () => {
    const ANTEROOM_SETTINGS = await settingsFile('ruby_workers: false\n')
    const env = { ANTEROOM_SETTINGS, ANTEROOM_JOBS_ENABLED: 'false' }

    await expect(loadSettings(renamed, { env })).rejects.toMatchObject({
      problems: [{ setting: 'jobs_enabled and ruby_workers', problem: 'given under two names' }],
    })
  })
})
