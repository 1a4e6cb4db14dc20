import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { type Ports, portsAt } from '@anteroom/infra/local/ports.ts'
import { eachLine } from '@anteroom/infra/local/processes.ts'

/** What `pnpm dev` starts, as a process group of its own. */
export interface Dev {
  readonly ports: Ports
  /** Everything it and the services said, in order. */
  readonly output: readonly string[]
  /** Waits for the nth line that contains the text, counted from the start. */
  untilSaid(text: string, times?: number): Promise<void>
  /** To the whole group, as a terminal and a supervisor send it. Gives the exit code. */
  signal(signal: 'SIGINT' | 'SIGTERM'): Promise<number | null>
  /** Its exit code, whenever it ends. */
  readonly ended: Promise<number | null>
  /** Every process below it, right now; none where the system does not show them under /proc. */
  processes(): Promise<number[]>
}

export interface DevOptions {
  readonly root: string
  /** Where it keeps its data. */
  readonly directory: string
  readonly portOffset: number
}

export function startDev({ root, directory, portOffset }: DevOptions): Dev {
  const child = spawn(process.execPath, ['infra/local/dev.ts'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
      PORT_OFFSET: String(portOffset),
      LOCAL_DIRECTORY: directory,
    },
  })
  const pid = child.pid ?? 0
  const ended = once(child, 'close').then(() => child.exitCode)
  const { output, untilSaid } = listen(child, ended)
  return {
    ports: portsAt(portOffset),
    output,
    untilSaid,
    ended,
    async signal(signal) {
      if (child.exitCode === null) process.kill(-pid, signal)
      return ended
    },
    processes: () => descendantsOf(pid),
  }
}

function listen(child: ChildProcess, ended: Promise<unknown>) {
  const output: string[] = []
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    eachLine(stream, (line) => {
      output.push(line)
      for (const look of waiting) look()
    })
  }
  const untilSaid = (text: string, times = 1) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (output.filter((line) => line.includes(text)).length < times) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
      void ended.then(() =>
        reject(new Error([`ended, not having said ${text}`, ...output].join('\n'))),
      )
    })
  return { output, untilSaid }
}

interface ProcessFacts {
  readonly pid: number
  readonly parent: number
  readonly isOver: boolean
}

/** Whether this process is there and more than an entry that nobody has collected. */
export async function isRunning(pid: number): Promise<boolean> {
  const facts = await factsOf(pid)
  return facts !== undefined && !facts.isOver
}

async function descendantsOf(pid: number): Promise<number[]> {
  const entries = await readdir('/proc').catch((): string[] => [])
  const names = entries.filter((name) => /^\d+$/.test(name))
  const all = (await Promise.all(names.map((name) => factsOf(Number(name))))).flatMap(
    (facts) => facts ?? [],
  )
  const below = (parent: number): number[] =>
    all
      .filter((facts) => facts.parent === parent)
      .flatMap((facts) => [facts.pid, ...below(facts.pid)])
  return below(pid)
}

/** From proc(5) stat: the state and the parent stand behind the name. */
async function factsOf(pid: number): Promise<ProcessFacts | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (stat === undefined) return undefined
  const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { pid, parent: Number(parent), isOver: ['Z', 'X'].includes(state) }
}
