import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { stopChild } from '@anteroom/infra/local/processes.ts'
import { root } from '../../support/root.ts'
import { flagsOf } from '../../support/service.ts'
import type { Calls, Reply, Usage } from './serve.ts'

/** A measured side, in a process of its own as it is in production. */
export interface Child<C extends Calls> {
  readonly pid: number
  call<Name extends keyof C & string>(
    name: Name,
    ...argument: Parameters<C[Name]>
  ): Promise<Awaited<ReturnType<C[Name]>>>
  /** What the process has used since it started. */
  usage(): Promise<Usage>
  stop(): Promise<void>
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Where a V8 CPU profile of each measured process goes; none is written without it. */
  readonly profileDirectory?: string | undefined
}

const sides = join(import.meta.dirname, '../sides')

/** Starts a file of `sides`, or another by its whole path, and waits until it serves. Its log goes where no terminal slows it down. */
export async function startChild<C extends Calls>(
  side: string,
  { env = {}, profileDirectory }: ChildOptions = {},
): Promise<Child<C>> {
  const child = fork(resolve(sides, side), {
    env: { PATH: process.env.PATH, ...env },
    execArgv: [
      ...(side === 'our-worker.ts' ? flagsOf(join(root, 'apps/worker')) : []),
      ...(profileDirectory === undefined
        ? []
        : [
            '--cpu-prof',
            `--cpu-prof-dir=${profileDirectory}`,
            `--cpu-prof-name=${side}-\${pid}.cpuprofile`,
          ]),
    ],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ask = createAsk(child)
  await Promise.race([once(child, 'message'), failWhenEnded(child, side)])
  return {
    pid: child.pid ?? 0,
    // The types of both ends are those of the same file in `sides`.
    call: (name, ...argument) => ask(name, argument[0]) as never,
    usage: () => ask('usage', undefined) as Promise<Usage>,
    stop: () => stopChild(child),
  }
}

function createAsk(child: ChildProcess) {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let lastId = 0
  child.on('message', (reply: Reply) => {
    const asked = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('error' in reply) asked?.reject(new Error(reply.error))
    else asked?.resolve(reply.value)
  })
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('ended while it was measured'))
  })
  return (name: string, argument: unknown): Promise<unknown> => {
    const id = ++lastId
    const asked = Promise.withResolvers<unknown>()
    waiting.set(id, asked)
    child.send({ id, name, argument }, (error) => {
      if (error) asked.reject(error)
    })
    return asked.promise
  }
}

async function failWhenEnded(child: ChildProcess, side: string): Promise<never> {
  await once(child, 'exit')
  throw new Error(`${side} ended before it was ready`)
}
