import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort, type PortName, type Ports, portsAt } from '@anteroom/infra/local/ports.ts'
import { type LocalStack, type StackOptions, startStack } from '@anteroom/infra/local/stack.ts'
import { cacheDirectory, localDirectory } from './root.ts'

/** A stack of its own on free ports, with nothing in it; its data goes when it stops. */
export async function startTestStack(
  options: Partial<Pick<StackOptions, 'keys' | 'fsync' | 'postgresSettings'>> = {},
): Promise<LocalStack> {
  const directory = join(localDirectory, 'test', randomBytes(6).toString('hex'))
  const stack = await startStack({
    directory,
    cacheDirectory,
    ports: await freePorts(),
    keys: 'kms',
    ...options,
  })
  return {
    ...stack,
    async stop() {
      await stack.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function freePorts(): Promise<Ports> {
  const names = Object.keys(portsAt(0)) as PortName[]
  const ports = new Set<number>()
  while (ports.size < names.length) ports.add(await freePort())
  const taken = [...ports]
  // One port for each name, in the order of the names.
  return Object.fromEntries(names.map((name, index) => [name, taken[index]])) as Ports
}
