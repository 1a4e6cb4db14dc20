import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { eachLine } from '@anteroom/infra/local/processes.ts'
import { root } from '../../support/root.ts'

const entries = { web: 'apps/idp-web/src/main.ts', worker: 'apps/worker/src/main.ts' } as const

export type ServiceName = keyof typeof entries

/** One process from its start to its end. */
export interface Life {
  /** Its name, which the database sees as the application's. */
  readonly name: string
  readonly startedAt: number
  endedAt?: number
  /** Exit code or signal. */
  end?: number | string
}

/** One of our services, started again whenever it exits. */
export interface Supervised {
  readonly service: ServiceName
  /** The name of the present life; changes with every start. */
  name(): string
  /** For how long the present life has been ready, in milliseconds; 0 if it is not. */
  readyMs(): number
  /** Of the present life. */
  pid(): number
  signal(signal: NodeJS.Signals): void
  untilReady(): Promise<void>
  untilEnded(): Promise<void>
  /** Waits for a line of output with this text, of the present life and from now on. */
  untilSaid(pattern: RegExp): Promise<RegExpExecArray>
  /** Stops it in order and starts it with other settings. */
  restart(start: Start): Promise<void>
  readonly lives: readonly Life[]
  /** How often each event of interest was logged, over all lives. */
  readonly said: ReadonlyMap<string, number>
  stop(): Promise<void>
}

export interface Start {
  readonly settings: Readonly<Record<string, string>>
  readonly nodeArguments?: readonly string[]
}

const stopWithinMs = 30_000
const keptLines = 60

/** @param title Unique among the supervised; a life's name is the title and a number. */
export function supervise(service: ServiceName, title: string, first: Start): Supervised {
  const lives: Life[] = []
  const said = new Map<string, number>()
  const listeners = new Set<(line: string) => void>()
  let start = first
  let stopping = false
  let readyAt: number | undefined
  let child = launch()
  // Nothing stays behind when the harness itself fails.
  process.once('exit', () => child.kill('SIGKILL'))

  function launch(): ChildProcess {
    const life: Life = { name: `${title}.${lives.length}`, startedAt: Date.now() }
    lives.push(life)
    const lines: string[] = []
    const launched = spawnService(service, life.name, start)
    for (const stream of [launched.stdout, launched.stderr]) {
      if (stream) eachLine(stream, (line) => hear(line, lines))
    }
    launched.once('exit', (code, signal) => {
      life.endedAt = Date.now()
      life.end = signal ?? code ?? 'unknown'
      const wasReady = readyAt !== undefined
      readyAt = undefined
      if (stopping) return
      if (!wasReady && code === 1) told(said, 'ended before it was ready')
      // A supervisor waits a little before it tries again what has just failed.
      setTimeout(
        () => {
          if (!stopping) child = launch()
        },
        wasReady ? 20 : 500,
      )
    })
    return launched
  }

  function hear(line: string, lines: string[]): void {
    lines.push(line)
    if (lines.length > keptLines) lines.shift()
    const event = /"msg":"([\w.-]+)"/.exec(line)?.[1] ?? 'unparsed output'
    if (event === 'process.ready') readyAt = Date.now()
    if (!commonEvents.has(event)) told(said, event)
    for (const listener of listeners) listener(line)
  }

  const self: Supervised = {
    service,
    lives,
    said,
    name: () => lives.at(-1)?.name ?? title,
    readyMs: () => (readyAt === undefined ? 0 : Math.max(1, Date.now() - readyAt)),
    pid: () => child.pid ?? 0,
    signal: (signal) => void child.kill(signal),
    async untilReady() {
      const until = Date.now() + 60_000
      while (readyAt === undefined) {
        if (Date.now() > until) throw new Error(`${title} did not become ready`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    async untilEnded() {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
    untilSaid: (pattern) =>
      new Promise((resolve) => {
        const listener = (line: string) => {
          const found = pattern.exec(line)
          if (!found) return
          listeners.delete(listener)
          resolve(found)
        }
        listeners.add(listener)
      }),
    async restart(next) {
      await self.stop()
      start = next
      stopping = false
      child = launch()
      await self.untilReady()
    },
    async stop() {
      stopping = true
      const ended = self.untilEnded()
      child.kill('SIGCONT')
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
      await ended
      clearTimeout(timer)
    },
  }
  return self
}

// What every job and every start and stop logs.
const commonEvents = new Set(['job.done', 'job.failed', 'process.ready', 'shutdown.step-done'])

function told(said: Map<string, number>, event: string): void {
  said.set(event, (said.get(event) ?? 0) + 1)
}

function spawnService(service: ServiceName, name: string, start: Start): ChildProcess {
  const { settings, nodeArguments = [] } = start
  return spawn(process.execPath, [...nodeArguments, join(root, entries[service])], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      PGAPPNAME: name,
      NODE_COMPILE_CACHE: join(root, '.local/cache/compiled'),
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
