import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LocalStack } from './stack.ts'

const fileNames = { web: 'idp-web.env', worker: 'worker.env', ops: 'ops.env' } as const

/** Services and operators are told different things, so each gets a file of its own. They stand as long as the stack does. */
export async function writeEnvironmentFiles(
  stack: Pick<LocalStack, 'environmentFor'>,
  directory: string,
): Promise<{ remove(): Promise<void> }> {
  await mkdir(directory, { recursive: true })
  const remove = async () => {
    for (const name of Object.values(fileNames)) await rm(join(directory, name), { force: true })
  }
  for (const service of ['web', 'worker', 'ops'] as const) {
    const environment = await stack.environmentFor(service)
    const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}\n`)
    await writeFile(join(directory, fileNames[service]), lines.join(''), { mode: 0o600 })
  }
  return { remove }
}
