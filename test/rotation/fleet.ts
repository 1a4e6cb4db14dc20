import { join } from 'node:path'
import { freePort } from '@anteroom/infra/local/ports.ts'
import type { Settings } from '@anteroom/infra/local/services.ts'
import type { Service } from '@anteroom/infra/local/settings-upload.ts'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { cacheDirectory } from '../support/root.ts'
import { type LogLine, type RunningService, startService } from '../support/service.ts'
import { withoutDocuments } from '../support/walk.ts'
import { type Balancer, startBalancer } from './balancer.ts'

/** Two processes of each service, the webs behind a load balancer. */
export interface Fleet {
  readonly balancer: Balancer
  /** As they are in S3 now. */
  settingsOf(service: Service): Settings
  /** Lays new settings into S3, and replaces the processes of the services one after the other. */
  roll(settings: Partial<Readonly<Record<Service, Settings>>>): Promise<void>
  /** What all processes that ever ran said of this event. */
  logged(event: string): readonly LogLine[]
  /** Of processes that were asked to stop. */
  readonly exitCodes: readonly (number | null)[]
  stop(): Promise<void>
}

interface Member {
  readonly process: RunningService
  readonly port: number
}

const size = 2

export async function startFleet(stack: LocalStack): Promise<Fleet> {
  const balancer = await startBalancer(stack.addresses.ports.web)
  const settings = new Map<Service, Settings>(
    (['web', 'worker', 'ops'] as const).map((service) => [service, stack.settingsFor(service)]),
  )
  const members = { web: [] as Member[], worker: [] as Member[] }
  const ended: RunningService[] = []
  const exitCodes: (number | null)[] = []
  const settingsOf = (service: Service) => settings.get(service) ?? {}

  async function start(service: 'web' | 'worker'): Promise<void> {
    const port = await freePort()
    const changed = {
      ...stack,
      environmentFor: () => stack.environmentFor(service, settingsOf(service)),
    }
    const process = await startService(service, changed, {
      internalPort: await freePort(),
      settings: {
        NODE_COMPILE_CACHE: join(cacheDirectory, 'compiled'),
        ...(service === 'web' && { ...forOneAddress, ANTEROOM_PORT: String(port) }),
      },
    })
    members[service].push({ process, port })
    if (service === 'web') balancer.add(port)
  }

  async function end(service: 'web' | 'worker'): Promise<void> {
    const oldest = members[service].shift()
    if (!oldest) return
    if (service === 'web') await balancer.remove(oldest.port)
    exitCodes.push(await oldest.process.stop())
    ended.push(oldest.process)
  }

  async function replaceAll(service: 'web' | 'worker'): Promise<void> {
    for (let count = 0; count < size; count += 1) {
      await start(service)
      await end(service)
    }
  }

  for (let count = 0; count < size; count += 1) await Promise.all([start('web'), start('worker')])
  return {
    balancer,
    settingsOf,
    exitCodes,
    async roll(changes) {
      for (const [service, changed] of Object.entries(changes)) {
        settings.set(service as Service, changed)
      }
      await Promise.all(
        (['web', 'worker'] as const).filter((one) => changes[one]).map((one) => replaceAll(one)),
      )
    },
    logged: (event) =>
      [...ended, ...members.web, ...members.worker].flatMap((one) =>
        ('process' in one ? one.process : one).logged(event),
      ),
    async stop() {
      for (let count = 0; count < size; count += 1) await Promise.all([end('web'), end('worker')])
      await balancer.stop()
    },
  }
}

/** Everybody here comes from one address. */
const forOneAddress = {
  ...withoutDocuments,
  ANTEROOM_REQUESTS_PER_WINDOW: '1000000',
  ANTEROOM_SIGN_INS_PER_NETWORK: '100000',
  ANTEROOM_MAILS_PER_NETWORK: '100000',
  ANTEROOM_RESOLUTION_ATTEMPTS: '1000',
}
