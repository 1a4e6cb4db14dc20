import { freePort } from '@anteroom/infra/local/ports.ts'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { startTestStack } from '../../support/stack.ts'
import { type FaultProxy, startFaultProxy, type Weather } from '../fault-proxy.ts'
import { installAudit, readBusy } from './audit.ts'
import {
  controlPostgres,
  controlRedis,
  type PostgresStop,
  type ServerControl,
} from './database-control.ts'
import { type ImageWatch, watchImages } from './image-watch.ts'
import { type OutcomeWatch, watchOutcomes } from './outcome-watch.ts'
import { type Start, type Supervised, supervise } from './supervised.ts'

/** The networks of one process: each of its connections to the outside goes through a fault proxy of its own. */
export interface Paths {
  readonly postgres: FaultProxy
  readonly redis: FaultProxy
  /** To S3, where the images lie. */
  readonly s3: FaultProxy
  /** Workers only: to the outbound proxy, and behind it the vendors. */
  readonly outbound?: FaultProxy
}

export interface Station {
  readonly process: Supervised
  readonly paths: Paths
}

/** How the services run while a fault is tried. */
export interface Services {
  readonly worker?: Start['settings']
  readonly web?: Start['settings']
  /** More arguments for the node of the worker with this number. */
  readonly workerArguments?: (worker: number) => readonly string[]
}

/** A stack of its own, the services on it under supervision, and every lever by which they can be harmed. */
export interface Bed {
  readonly stack: LocalStack
  readonly workers: readonly Station[]
  readonly webs: readonly Station[]
  /** Some webs ask for a document first, the others for none. */
  readonly webUrls: { readonly details: readonly string[]; readonly documents: readonly string[] }
  readonly postgres: ServerControl<PostgresStop>
  readonly redis: ServerControl
  readonly outcomes: OutcomeWatch
  readonly images: ImageWatch
  /** The lives of workers that have begun jobs and not ended them. */
  busy(): Promise<ReadonlySet<string>>
  /** Starts the services anew if they run otherwise. */
  arrange(services: Services): Promise<void>
  /** Puts everything right that a fault may have left broken, and waits until all are ready. */
  heal(): Promise<void>
  stop(): Promise<void>
}

export interface BedOptions {
  readonly workers: number
  /** Of each kind. */
  readonly webs: number
}

export async function startBed(options: BedOptions): Promise<Bed> {
  const stack = await startTestStack({ keys: 'local' })
  await installAudit(stack.adminUrl)
  const outcomes = await watchOutcomes(stack)
  const images = await watchImages(stack)
  const environments = {
    worker: await stack.environmentFor('worker'),
    web: await stack.environmentFor('web'),
  }
  const workers: Station[] = []
  const webs: Station[] = []
  const webPlaces: WebPlace[] = []
  for (let number = 0; number < options.workers; number += 1) {
    const paths = await startPaths(stack, 'worker')
    const start = workerStart({ stack, paths, environment: environments.worker, number }, {})
    workers.push({ paths, process: supervise('worker', `worker-${number}`, start) })
  }
  for (let number = 0; number < options.webs * 2; number += 1) {
    const paths = await startPaths(stack, 'web')
    const asks = number % 2 === 0 ? 'details' : 'documents'
    const place = {
      stack,
      paths,
      environment: environments.web,
      port: await freePort(),
      asks,
    } as const
    webPlaces.push(place)
    webs.push({ paths, process: supervise('web', `web-${number}`, webStart(place, {})) })
  }
  const urlsOf = (asks: WebPlace['asks']) =>
    webPlaces.filter((one) => one.asks === asks).map(({ port }) => `http://127.0.0.1:${port}`)
  const postgres = controlPostgres(stack)
  const redis = controlRedis(stack)
  const stations = [...workers, ...webs]
  let arranged: Services = {}

  async function arrange(services: Services): Promise<void> {
    if (isSame(services, arranged)) return
    arranged = services
    await Promise.all([
      ...workers.map(({ process, paths }, number) => {
        const of = { stack, paths, environment: environments.worker, number }
        return process.restart(workerStart(of, services))
      }),
      ...webPlaces.map((place, number) => webs[number]?.process.restart(webStart(place, services))),
    ])
  }

  async function heal(): Promise<void> {
    stack.kms.setCondition('up')
    await postgres.start()
    await redis.start()
    for (const { process, paths } of stations) {
      await setWeather(paths, { kind: 'clear' })
      process.signal('SIGCONT')
    }
    await Promise.all(stations.map(({ process }) => process.untilReady()))
  }

  await Promise.all(stations.map(({ process }) => process.untilReady()))
  return {
    stack,
    workers,
    webs,
    webUrls: { details: urlsOf('details'), documents: urlsOf('documents') },
    postgres,
    redis,
    outcomes,
    images,
    busy: () => readBusy(stack.adminUrl),
    arrange,
    heal,
    async stop() {
      await Promise.all(stations.map(({ process }) => process.stop()))
      for (const { paths } of stations) await Promise.all(proxiesOf(paths).map((one) => one.stop()))
      outcomes.stop()
      await images.stop()
      await redis.end()
      await postgres.end()
      await stack.stop()
    },
  }
}

export async function setWeather(paths: Paths, weather: Weather): Promise<void> {
  await Promise.all(proxiesOf(paths).map((proxy) => proxy.setWeather(weather)))
}

export function proxiesOf({ postgres, redis, s3, outbound }: Paths): FaultProxy[] {
  return outbound ? [postgres, redis, s3, outbound] : [postgres, redis, s3]
}

async function startPaths(stack: LocalStack, service: 'web' | 'worker'): Promise<Paths> {
  const { postgres, redis, s3, proxy } = stack.addresses.ports
  const inside = {
    postgres: await startFaultProxy(postgres),
    redis: await startFaultProxy(redis),
    s3: await startFaultProxy(s3),
  }
  return service === 'web' ? inside : { ...inside, outbound: await startFaultProxy(proxy) }
}

interface Place {
  readonly stack: LocalStack
  readonly paths: Paths
  readonly environment: Readonly<Record<string, string>>
}

/** By worker; they count only where `shift-clock.ts` is loaded. */
const clockShiftsMs = [600_000, -600_000]

function workerStart(
  { stack, paths, environment, number }: Place & { readonly number: number },
  { worker = {}, workerArguments }: Services,
): Start {
  const { databaseUrls, redisUrls, s3Url, proxyUrl } = stack.addresses
  return {
    settings: {
      ...environment,
      ANTEROOM_INTERNAL_PORT: '0',
      ANTEROOM_KMS_ENDPOINT: stack.kms.url,
      FAULTS_CLOCK_SHIFT_MS: String(clockShiftsMs[number] ?? 0),
      ANTEROOM_DATABASE_URL: through(databaseUrls.worker, paths.postgres),
      ANTEROOM_REDIS_URL: through(redisUrls.worker, paths.redis),
      ANTEROOM_S3_ENDPOINT: through(s3Url, paths.s3),
      ANTEROOM_OUTBOUND_PROXY_URL: paths.outbound ? through(proxyUrl, paths.outbound) : proxyUrl,
      ...worker,
    },
    nodeArguments: workerArguments?.(number) ?? [],
  }
}

interface WebPlace extends Place {
  readonly port: number
  readonly asks: keyof Bed['webUrls']
}

function webStart(
  { stack, paths, environment, port, asks }: WebPlace,
  { web = {} }: Services,
): Start {
  const { databaseUrls, redisUrls, s3Url } = stack.addresses
  return {
    settings: {
      ...environment,
      ANTEROOM_INTERNAL_PORT: '0',
      ANTEROOM_PORT: String(port),
      ANTEROOM_KMS_ENDPOINT: stack.kms.url,
      ANTEROOM_REQUEST_LOG: 'false',
      // Everybody here comes from one address.
      ANTEROOM_REQUESTS_PER_WINDOW: '1000000',
      ANTEROOM_DOCUMENTS_PER_NETWORK: '1000000',
      ANTEROOM_DOCUMENT_PROOFING: asks === 'documents' ? 'required' : 'off',
      ANTEROOM_DATABASE_URL: through(databaseUrls.web, paths.postgres),
      ANTEROOM_REDIS_URL: through(redisUrls.web, paths.redis),
      ANTEROOM_S3_ENDPOINT: through(s3Url, paths.s3),
      ...web,
    },
  }
}

function through(address: string, { port }: FaultProxy): string {
  const url = new URL(address)
  url.port = String(port)
  return url.href
}

function isSame(one: Services, other: Services): boolean {
  return (
    JSON.stringify([one.worker ?? {}, one.web ?? {}]) ===
      JSON.stringify([other.worker ?? {}, other.web ?? {}]) &&
    one.workerArguments === other.workerArguments
  )
}
