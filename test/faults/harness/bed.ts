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
import { type OutcomeWatch, watchOutcomes } from './outcome-watch.ts'
import { type Start, type Supervised, supervise } from './supervised.ts'

/** The networks of one process: each of its connections to the outside goes through a fault proxy of its own. */
export interface Paths {
  readonly postgres: FaultProxy
  readonly redis: FaultProxy
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
  readonly webUrls: readonly string[]
  readonly postgres: ServerControl<PostgresStop>
  readonly redis: ServerControl
  readonly outcomes: OutcomeWatch
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
  readonly webs: number
}

export async function startBed(options: BedOptions): Promise<Bed> {
  const stack = await startTestStack({ keys: 'local' })
  await installAudit(stack.adminUrl)
  const outcomes = await watchOutcomes(stack)
  const environments = {
    worker: await stack.environmentFor('worker'),
    web: await stack.environmentFor('web'),
  }
  const workers: Station[] = []
  const webs: Station[] = []
  const webPorts: number[] = []
  for (let number = 0; number < options.workers; number += 1) {
    const paths = await startPaths(stack, 'worker')
    const start = workerStart({ stack, paths, environment: environments.worker, number }, {})
    workers.push({ paths, process: supervise('worker', `worker-${number}`, start) })
  }
  for (let number = 0; number < options.webs; number += 1) {
    const paths = await startPaths(stack, 'web')
    webPorts.push(await freePort())
    const start = webStart(
      { stack, paths, environment: environments.web, port: webPorts[number] ?? 0 },
      {},
    )
    webs.push({ paths, process: supervise('web', `web-${number}`, start) })
  }
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
      ...webs.map(({ process, paths }, number) => {
        const of = { stack, paths, environment: environments.web, port: webPorts[number] ?? 0 }
        return process.restart(webStart(of, services))
      }),
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
    webUrls: webPorts.map((port) => `http://127.0.0.1:${port}`),
    postgres,
    redis,
    outcomes,
    busy: () => readBusy(stack.adminUrl),
    arrange,
    heal,
    async stop() {
      await Promise.all(stations.map(({ process }) => process.stop()))
      for (const { paths } of stations) await Promise.all(proxiesOf(paths).map((one) => one.stop()))
      outcomes.stop()
      await redis.end()
      await postgres.end()
      await stack.stop()
    },
  }
}

export async function setWeather(paths: Paths, weather: Weather): Promise<void> {
  await Promise.all(proxiesOf(paths).map((proxy) => proxy.setWeather(weather)))
}

export function proxiesOf({ postgres, redis, outbound }: Paths): FaultProxy[] {
  return outbound ? [postgres, redis, outbound] : [postgres, redis]
}

async function startPaths(stack: LocalStack, service: 'web' | 'worker'): Promise<Paths> {
  const { postgres, redis, proxy } = stack.addresses.ports
  const inside = {
    postgres: await startFaultProxy(postgres),
    redis: await startFaultProxy(redis),
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
  const { databaseUrls, redisUrls, proxyUrl } = stack.addresses
  return {
    settings: {
      ...environment,
      ANTEROOM_INTERNAL_PORT: '0',
      ANTEROOM_KMS_ENDPOINT: stack.kms.url,
      FAULTS_CLOCK_SHIFT_MS: String(clockShiftsMs[number] ?? 0),
      ANTEROOM_DATABASE_URL: through(databaseUrls.worker, paths.postgres),
      ANTEROOM_REDIS_URL: through(redisUrls.worker, paths.redis),
      ANTEROOM_OUTBOUND_PROXY_URL: paths.outbound ? through(proxyUrl, paths.outbound) : proxyUrl,
      ...worker,
    },
    nodeArguments: workerArguments?.(number) ?? [],
  }
}

function webStart(
  { stack, paths, environment, port }: Place & { readonly port: number },
  { web = {} }: Services,
): Start {
  const { databaseUrls, redisUrls } = stack.addresses
  return {
    settings: {
      ...environment,
      ANTEROOM_INTERNAL_PORT: '0',
      ANTEROOM_PORT: String(port),
      ANTEROOM_KMS_ENDPOINT: stack.kms.url,
      ANTEROOM_REQUEST_LOG: 'false',
      // Everybody here comes from one address.
      ANTEROOM_REQUESTS_PER_WINDOW: '1000000',
      ANTEROOM_DOCUMENT_PROOFING: 'off',
      ANTEROOM_DATABASE_URL: through(databaseUrls.web, paths.postgres),
      ANTEROOM_REDIS_URL: through(redisUrls.web, paths.redis),
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
