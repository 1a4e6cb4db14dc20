import { z } from 'zod'
import { keyList } from './key-list.ts'
import { logLevels } from './log.ts'
import { flag } from './setting-types.ts'

/** Settings of everything of ours that runs: where the data is, and how jobs are sealed. */
export const commonSettings = {
  environment: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/)
    .describe('Name of the deployment. Sealed messages of one environment do not open in another.'),
  databaseUrl: z
    .url({ protocol: /^postgres(ql)?$/ })
    .meta({ secret: true })
    .describe("Postgres, as this service's own role."),
  redisUrl: z
    .url({ protocol: /^rediss?$/ })
    .meta({ secret: true })
    .describe("Redis, as this service's own user."),
  keyProvider: z
    .enum(['kms', 'local'])
    .default('kms')
    .describe('Who makes and unwraps data keys: AWS KMS, or keys kept in local_keys.'),
  allowLocalKeysInProduction: z
    .enum(['yes-both-services-hold-every-key'])
    .optional()
    .describe(
      'Required to use local keys in the environment "production": the separation by purpose is then by code alone.',
    ),
  kmsKeyId: z
    .string()
    .min(1)
    .optional()
    .describe('KMS key id or ARN, not an alias; required with kms.'),
  kmsOlderKeyIds: z
    .string()
    .transform((text) => text.split(',').map((id) => id.trim()))
    .optional()
    .describe('KMS keys that sealed earlier messages and still open them, separated by commas.'),
  kmsEndpoint: z.url().optional().describe('KMS address, if it is not the one of the AWS region.'),
  awsRegion: z.string().default('us-east-1').describe('AWS region of KMS and S3.'),
  localKeys: keyList()
    .optional()
    .meta({ secret: true })
    .describe('With local: one 32-byte key for each purpose, by purpose.'),
  sessionEncryptionKeys: keyList()
    .meta({ secret: true })
    .describe(
      'The application keys that go into every sealed message, newest first, by key id. All are read, the first writes.',
    ),
} as const

/** Settings that every service of ours has. A service adds its own beside them. */
export const serviceSettings = {
  ...commonSettings,
  jobsEnabled: flag()
    .default(true)
    .meta({ alias: 'ruby_workers_enabled' })
    .describe(
      'Whether background jobs run. Off in the worker: it takes none, and they stay in the queue. Off in the web: whoever asks for a check is told that checks are paused, and nobody is called from the line.',
    ),
  logLevel: z.enum(logLevels).default('info').describe('The least important level that is logged.'),
  logFile: z
    .string()
    .min(1)
    .optional()
    .describe('Also log to this file, for example log/production.log.'),
  internalHost: z
    .string()
    .default('127.0.0.1')
    .describe('Address on which health and metrics are served. Never the public one.'),
} as const

type Given = Partial<z.output<z.ZodObject<typeof commonSettings>>>

/**
 * Adds what these settings must satisfy together. Asked even where single settings are wrong, so that everything that
 * has to be mended is listed at once; what could not be parsed is then absent.
 */
export function withServiceChecks<S extends z.ZodObject<typeof commonSettings>>(schema: S): S {
  const isProduction = ({ environment }: Given) => environment === 'production'
  const isLocal = ({ keyProvider }: Given) => keyProvider === 'local'
  return schema
    .refine(...needed('kmsKeyId', (given) => !isLocal(given)))
    .refine(...needed('localKeys', isLocal))
    .refine(
      ...needed('allowLocalKeysInProduction', (given) => isLocal(given) && isProduction(given)),
    )
}

function needed(name: keyof Given, isNeeded: (given: Given) => boolean) {
  const holds = (given: Given): boolean => !isNeeded(given) || given[name] !== undefined
  const params: { path: PropertyKey[]; when: () => boolean } = { path: [name], when: () => true }
  return [holds, params] as const
}
