import { dirname, join } from 'node:path'
import { freePort } from '@anteroom/infra/local/ports.ts'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { Redis } from 'ioredis'
import { type Child, startChild } from '../../bench/harness/child.ts'
import { type Supervised, supervise } from '../../faults/harness/supervised.ts'
import { startTestStack } from '../../support/stack.ts'
import type { RushOptions } from '../options.ts'
import type { BareStatusCalls } from '../sides/bare-status.ts'
import type { CrowdCalls } from '../sides/crowd.ts'
import type { RegistryCalls } from '../sides/registry.ts'
import { installTicketAudit } from './ticket-audit.ts'

/** Everything that a rush needs, each in a process of its own. */
export interface RushBed {
  readonly stack: LocalStack
  readonly redis: Redis
  /** The registry, and the way to it. */
  readonly registry: Child<RegistryCalls>
  readonly webs: readonly Supervised[]
  readonly webUrls: readonly string[]
  readonly workers: readonly Supervised[]
  readonly crowd: Child<CrowdCalls>
  readonly bare: Child<BareStatusCalls>
  readonly bareUrl: string
  stop(): Promise<void>
}

export type BedOptions = Pick<RushOptions, 'quota' | 'slowMs' | 'slackMs' | 'webs' | 'workers'>

export async function startRushBed(options: BedOptions): Promise<RushBed> {
  const parts: { stop(): Promise<unknown> }[] = []
  const stop = async () => {
    for (let part = parts.pop(); part; part = parts.pop()) await part.stop()
  }
  const keep = <Part extends { stop(): Promise<unknown> }>(part: Part): Part => {
    parts.push(part)
    return part
  }
  try {
    return { ...(await startParts(options, keep)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type Keep = <Part extends { stop(): Promise<unknown> }>(part: Part) => Part

async function startParts(options: BedOptions, keep: Keep): Promise<Omit<RushBed, 'stop'>> {
  const { quota, slowMs } = options
  const stack = keep(await startTestStack({ keys: 'local', fsync: true }))
  await installTicketAudit(stack.adminUrl)
  const registry = keep(await startRegistry(stack))
  await registry.call('change', {
    calls: quota,
    windowMs: 1_000,
    fastestMs: Math.round((slowMs * 2) / 3),
    slowestMs: Math.round((slowMs * 4) / 3),
  })
  const redis = new Redis(stack.redis.urls.admin)
  // It may be gone first, if everybody is told to stop at once.
  redis.on('error', () => undefined)
  keep({ stop: async () => redis.disconnect() })
  const workerStart = {
    settings: {
      ...(await stack.environmentFor('worker')),
      ...workerSettings(options),
      ANTEROOM_OUTBOUND_PROXY_URL: await registry.call('proxyUrl'),
    },
  }
  const workers = Array.from({ length: options.workers }, (_, at) =>
    keep(supervise('worker', `worker-${at + 1}`, workerStart)),
  )
  const environment = { ...(await stack.environmentFor('web')), ...webSettings }
  const ports = await Promise.all(Array.from({ length: options.webs }, freePort))
  const webs = ports.map((port, at) => {
    const settings = { ...environment, ANTEROOM_PORT: String(port) }
    return keep(supervise('web', `web-${at + 1}`, { settings }))
  })
  await Promise.all([...workers, ...webs].map((service) => service.untilReady()))
  const crowd = keep(await startChild<CrowdCalls>(join(sides, 'crowd.ts'), { env: environment }))
  const bare = keep(
    await startChild<BareStatusCalls>(join(sides, 'bare-status.ts'), {
      env: { RUSH_REDIS_URL: stack.redis.urls.admin },
    }),
  )
  const webUrls = ports.map((port) => `http://127.0.0.1:${port}`)
  return {
    ...{ stack, redis, registry, webs, webUrls, workers, crowd, bare },
    bareUrl: await bare.call('url'),
  }
}

function startRegistry({ addresses, secrets }: LocalStack): Promise<Child<RegistryCalls>> {
  return startChild<RegistryCalls>(join(sides, 'registry.ts'), {
    env: {
      RUSH_CERTIFICATES: dirname(addresses.caFile),
      RUSH_VENDOR_TOKEN: secrets.vendorToken,
      RUSH_PROXY_PASSWORD: secrets.proxy,
    },
  })
}

const sides = join(import.meta.dirname, '../sides')

/** Everybody here comes from one address, and has shown no document. */
const webSettings = {
  ANTEROOM_REQUEST_LOG: 'false',
  ANTEROOM_REQUESTS_PER_WINDOW: '1000000',
  ANTEROOM_DOCUMENT_PROOFING: 'off',
  ANTEROOM_INTERNAL_PORT: '0',
}

/** The registry takes `quota` calls a second and up to four thirds of `slowMs` for each; there must be room for all of them. */
function workerSettings({ quota, slowMs, slackMs, workers }: BedOptions): Record<string, string> {
  const inHand = quota * (2.5 + (slowMs * 4) / 3_000)
  const jobs = Math.min(500, Math.ceil((inHand * 1.2) / workers) + 5)
  return {
    ANTEROOM_INTERNAL_PORT: '0',
    ANTEROOM_REGISTRY_QUOTA_CALLS: String(quota),
    ANTEROOM_REGISTRY_QUOTA_WINDOW_SECONDS: '1',
    ANTEROOM_REGISTRY_QUOTA_SLACK_MS: String(slackMs),
    ANTEROOM_CREDENTIAL_JOBS: String(jobs),
    ANTEROOM_CONCURRENT_JOBS: String(jobs * 2),
  }
}
