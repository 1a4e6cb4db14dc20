import { expect, test } from 'vitest'
import { z } from 'zod'
import { settingNames } from './setting-names.ts'
import { flag, wholeNumber } from './setting-types.ts'
import { settingsTable } from './settings-table.ts'

test('a row says what the schema says of a setting', () => {
  const schema = z.object({
    databaseUrl: z.url().describe('Where the database is').meta({ secret: true }),
    logLevel: z.enum(['debug', 'info']).default('info').describe('From which level on'),
    logFile: z.string().optional().describe('Written too'),
    port: wholeNumber({ min: 1, max: 65_535 }).default(3000).describe('Of the web'),
    sandbox: flag().default(true),
    hosts: z.string().transform((text) => text.split(',')),
    sealKey: z.string().default('hunter2').meta({ secret: true, description: 'A key' }),
  })

  const rows = settingsTable(schema).map(({ name, env, ...row }) => [
    name,
    row.type,
    row.default,
    row.required,
    row.secret,
    row.description,
  ])

  expect(rows).toEqual([
    ['databaseUrl', 'URL', undefined, true, true, 'Where the database is'],
    ['logLevel', 'debug or info', 'info', false, false, 'From which level on'],
    ['logFile', 'text', undefined, false, false, 'Written too'],
    ['port', 'whole number, 1 to 65535', '3000', false, false, 'Of the web'],
    ['sandbox', 'true or false', 'true', false, false, ''],
    ['hosts', 'text', undefined, true, false, ''],
    ['sealKey', 'text', undefined, false, true, 'A key'],
  ])
})

test.each([
  ['port', 'port', 'ANTEROOM_PORT'],
  ['databaseUrl', 'database_url', 'ANTEROOM_DATABASE_URL'],
  ['s3Endpoint', 's3_endpoint', 'ANTEROOM_S3_ENDPOINT'],
  ['uploadS3Bucket', 'upload_s3_bucket', 'ANTEROOM_UPLOAD_S3_BUCKET'],
])('the setting %s has one name, spelled three ways', (name, yaml, env) => {
  expect(settingNames(name)).toEqual({ name, yaml, env })
})
