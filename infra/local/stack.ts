import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sealer } from '@anteroom/crypto'
import { hashPassword } from '@anteroom/crypto/password'
import { type SampleAgency, startSampleAgency } from '../sandbox/agency/sample-agency.ts'
import { graphHosts } from '../sandbox/graph/graph-server.ts'
import { type MailCatcher, mailHost, startMailCatcher } from '../sandbox/mail/mail-catcher.ts'
import { type SamplePartner, startSamplePartner } from '../sandbox/partner/sample-partner.ts'
import { scenarioGroups } from '../sandbox/scenario-groups.ts'
import { type SandboxVendors, startSandboxVendors, vendorHosts } from '../sandbox/vendors.ts'
import { agencyOptions, agencyPrincipal, agencyScenarios, writeDestinations } from './agency.ts'
import { type Certificates, issueCertificates } from './certificates.ts'
import { startDatabase } from './database.ts'
import { type LocalKms, startKms } from './kms.ts'
import { operatorsSealer } from './operators-sealer.ts'
import { writePartners } from './partners.ts'
import { principals } from './policies.ts'
import type { Ports } from './ports.ts'
import type { LocalPostgres } from './postgres.ts'
import { type LocalProxy, startProxy } from './proxy.ts'
import { type LocalRedis, startRedis } from './redis.ts'
import { startS3 } from './s3.ts'
import { readSecrets, type Secrets } from './secrets.ts'
import {
  allowedHosts,
  kmsOptions,
  mailOptions,
  partnerOptions,
  redisPasswords,
  s3Options,
} from './server-options.ts'
import { type Addresses, type KeyProvider, type Settings, settingsFor } from './services.ts'
import { type Service, uploadSettings } from './settings-upload.ts'

export interface StackOptions {
  /** Where data and secrets are kept. */
  readonly directory: string
  /** Where a fetched Redis is kept; may be shared between stacks. */
  readonly cacheDirectory: string
  readonly ports: Ports
  readonly keys: KeyProvider
  /** Commits that survive a power cut, for measurements that must be fair. */
  readonly fsync?: boolean
  /** More settings of the Postgres server, each as `name=value`. */
  readonly postgresSettings?: readonly string[]
  /** Told of each part when it is up. */
  readonly onStarted?: (title: string, where: string, tookMs: number) => void
}

/** Everything around the two services, running. */
export interface LocalStack {
  readonly postgres: LocalPostgres
  readonly redis: LocalRedis
  readonly kms: LocalKms
  readonly proxy: LocalProxy
  readonly vendors: SandboxVendors
  readonly partner: SamplePartner
  readonly agency: SampleAgency
  readonly mail: MailCatcher
  readonly secrets: Secrets
  readonly addresses: Addresses
  /** Seals as operators' commands do. */
  readonly sealer: Sealer
  /** The database as its administrator; for tests and for looking around. */
  readonly adminUrl: string
  /** The service's settings, as they are in a new stack. */
  settingsFor(service: Service): Settings
  /** Lays the service's settings, or those given, where it finds them, and returns the environment to start it with. */
  environmentFor(service: Service, settings?: Settings): Promise<Record<string, string>>
  stop(): Promise<void>
}

const certifiedHosts = [...vendorHosts, ...graphHosts, mailHost, 'localhost']

/** Who may sign in to the console of a local stack. */
export const sampleOperator = 'sample-operator'

/** Starts Postgres (migrated), Redis, S3, KMS, the outbound proxy, the sandbox vendors with their mail server, the sample partner and the sample agency. What started is stopped again if one fails. */
export async function startStack(options: StackOptions): Promise<LocalStack> {
  const parts: { stop(): Promise<void> }[] = []
  const stop = async () => {
    for (let part = parts.pop(); part; part = parts.pop()) await part.stop()
  }
  try {
    return await startParts(options, parts, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function startParts(
  options: StackOptions,
  parts: { stop(): Promise<void> }[],
  stop: () => Promise<void>,
): Promise<LocalStack> {
  const { directory, ports, keys } = options
  const secrets = await readSecrets(directory)
  const certificates = await issueCertificates(join(directory, 'certificates'), certifiedHosts)
  const [database, redis, s3, kms, proxy, vendors, partner, mail, agency] = await startServers(
    options,
    { certificates, secrets, start: starter(options, parts) },
  )
  const sealer = operatorsSealer(keys, { kmsUrl: kms.url, secrets })
  const sealing = { s3Url: s3.url, secrets, sealer }
  const addresses: Addresses = {
    ports,
    databaseUrls: database.urls,
    redisUrls: redis.urls,
    s3Url: s3.url,
    kmsUrl: kms.url,
    proxyUrl: proxy.url,
    caFile: certificates.caFile,
    scenariosFile: await writeScenarios(options),
    specimensFolder: join(directory, 'specimens'),
    partnersFile: await writePartners(directory, ports, secrets),
    destinationsFile: await writeDestinations(directory, agency, sealing),
    operators: { [sampleOperator]: await hashPassword(secrets.consolePassword) },
  }
  const newSettings = (service: Service) => settingsFor[service](addresses, secrets, keys)
  return {
    postgres: database.postgres,
    redis,
    kms,
    proxy,
    vendors,
    partner,
    agency,
    mail,
    sealer,
    secrets,
    addresses,
    adminUrl: database.adminUrl,
    settingsFor: newSettings,
    environmentFor: (service, settings = newSettings(service)) =>
      uploadSettings(service, settings, { s3Url: s3.url, secrets }),
    stop,
  }
}

interface ToServe {
  readonly certificates: Certificates
  readonly secrets: Secrets
  readonly start: ReturnType<typeof starter>
}

function startServers(options: StackOptions, { certificates, secrets, start }: ToServe) {
  const { cacheDirectory, ports } = options
  const callers = [...principals(secrets), agencyPrincipal(secrets)]
  const known = { certificates, secrets }
  return allStarted([
    start('Postgres', () => startDatabase(options, secrets)),
    start('Redis', () =>
      startRedis({ port: ports.redis, cacheDirectory, passwords: redisPasswords(secrets) }),
    ),
    start('S3', () => startS3(s3Options(options, callers))),
    start('KMS', () => startKms(kmsOptions(options, callers))),
    start('outbound proxy', () =>
      startProxy({
        port: ports.proxy,
        credentials: { username: 'worker', password: secrets.proxy },
        allow: allowedHosts(ports),
      }),
    ),
    start('sandbox vendors', () =>
      startSandboxVendors({ port: ports.sandbox, certificates, token: secrets.vendorToken }),
    ),
    start('sample partner', () => startSamplePartner(partnerOptions(ports, known))),
    start('sandbox mail', () => startMailCatcher(mailOptions(options, known))),
    start('sample agency', () => startSampleAgency(agencyOptions(options, known))),
  ])
}

async function writeScenarios({ directory, ports }: StackOptions): Promise<string> {
  const file = join(directory, 'sandbox-scenarios.json')
  const groups = [...scenarioGroups(), agencyScenarios(directory, ports)]
  await writeFile(file, JSON.stringify(groups))
  return file
}

/** As `Promise.all`, but fails only once nothing is starting any more: what has started by then can be stopped. */
async function allStarted<Parts extends readonly unknown[]>(
  starting: [...{ [Index in keyof Parts]: Promise<Parts[Index]> }],
): Promise<[...Parts]> {
  await Promise.allSettled(starting)
  return Promise.all(starting) as Promise<[...Parts]>
}

/** Starts one part, keeps it for the stop, and tells how long it took. */
function starter({ onStarted }: StackOptions, parts: { stop(): Promise<void> }[]) {
  return async <Part extends { port: number; stop(): Promise<void> }>(
    title: string,
    startPart: () => Promise<Part>,
  ): Promise<Part> => {
    const startedAt = performance.now()
    const part = await startPart()
    parts.push(part)
    onStarted?.(title, `127.0.0.1:${part.port}`, performance.now() - startedAt)
    return part
  }
}
