import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Builder } from '@anteroom/infra/images/builder.ts'
import { eachLine, stopChild } from '@anteroom/infra/local/processes.ts'
import { publicUrlAt } from '@anteroom/infra/local/services.ts'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { root } from './root.ts'

export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly [field: string]: unknown
}

/** One of our services as a process of its own, as it is in production. */
export interface RunningService {
  readonly url: string
  readonly internalUrl: string
  /** Everything it said, on both streams. */
  readonly output: readonly string[]
  readonly pid: number
  /** Log lines with this event. */
  logged(event: string): LogLine[]
  /** Waits for a log line with this event. */
  untilLogged(event: string): Promise<LogLine>
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>
  /** SIGKILL: it gets no chance to say goodbye. */
  kill(): Promise<void>
}

export interface ServiceOptions {
  readonly settings?: Readonly<Record<string, string>>
  /** Another process of the same service beside the first: any free internal port. */
  readonly internalPort?: number
  /** What `pnpm build` made, instead of the source. */
  readonly built?: boolean
  /** From its image, by this. */
  readonly builder?: Builder
  /** Another checkout than this one. */
  readonly checkout?: string
}

const folders = { web: 'apps/idp-web', worker: 'apps/worker' } as const

/** Starts a service against the stack and waits until it says that it is ready. */
export async function startService(
  service: keyof typeof folders,
  stack: LocalStack,
  options: ServiceOptions = {},
): Promise<RunningService> {
  const { ports } = stack.addresses
  const own = service === 'web' ? ports.webInternal : ports.workerInternal
  const port = options.internalPort ?? own
  const env = {
    ...(await stack.environmentFor(service)),
    ANTEROOM_INTERNAL_PORT: String(port),
    ...options.settings,
  }
  const { builder } = options
  const child = builder
    ? await spawnImage(service, stack, { builder, env })
    : spawnCode(service, env, options)
  const running = watch(child, {
    url: publicUrlAt(ports),
    internalUrl: `http://127.0.0.1:${port}`,
  })
  await Promise.race([running.untilLogged('process.ready'), failWhenEnded(child, running.output)])
  return running
}

function spawnCode(
  service: keyof typeof folders,
  env: Record<string, string>,
  { built = false, checkout = root }: ServiceOptions,
): ChildProcess {
  const folder = join(checkout, folders[service])
  const main = join(folder, built ? 'dist/main.js' : 'src/main.ts')
  return spawn(process.execPath, [...flagsOf(folder), main], {
    cwd: checkout,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** What Node is told when the service is started. */
export function flagsOf(folder: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return scripts.start.split(' ').slice(1, -1)
}

/** The files that settings name lie elsewhere in a container. */
function spawnImage(
  service: keyof typeof folders,
  { addresses }: LocalStack,
  { builder, env }: { builder: Builder; env: Record<string, string> },
): Promise<ChildProcess> {
  const files = dirname(addresses.partnersFile)
  const there = (file: string) => file.replace(files, '/etc/anteroom')
  const both = {
    ANTEROOM_PARTNERS_FILE: there(addresses.partnersFile),
    ANTEROOM_TRANSFER_DESTINATIONS_FILE: there(addresses.destinationsFile),
  }
  if (service === 'worker') {
    const given = { ...both, ANTEROOM_OUTBOUND_CA_FILE: there(addresses.caFile), ...env }
    return builder.run('worker', { files, env: given })
  }
  const given = {
    ...both,
    ANTEROOM_PORT: String(addresses.ports.web),
    ANTEROOM_SANDBOX_SCENARIOS_FILE: there(addresses.scenariosFile),
    ANTEROOM_SANDBOX_SPECIMENS_FOLDER: there(addresses.specimensFolder),
    ...env,
  }
  return builder.run('idp-web', { files, env: given })
}

function watch(child: ChildProcess, urls: { url: string; internalUrl: string }): RunningService {
  const output: string[] = []
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) {
      eachLine(stream, (line) => {
        output.push(line)
        for (const look of waiting) look()
      })
    }
  }
  const logged = (event: string) =>
    output
      .filter((line) => line.startsWith('{'))
      .map((line): LogLine => JSON.parse(line))
      .filter(({ msg }) => msg === event)

  return {
    ...urls,
    output,
    pid: child.pid ?? 0,
    logged,
    untilLogged: (event) =>
      new Promise((resolve) => {
        const look = () => {
          const [line] = logged(event)
          if (line) {
            waiting.delete(look)
            resolve(line)
          }
        }
        waiting.add(look)
        look()
      }),
    async stop() {
      await stopChild(child, 30_000)
      return child.exitCode
    },
    async kill() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function failWhenEnded(child: ChildProcess, output: readonly string[]): Promise<never> {
  await once(child, 'exit')
  throw new Error(`ended before it was ready\n${output.join('\n')}`)
}
