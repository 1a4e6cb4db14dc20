import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Builder } from './builder.ts'
import { runTool, textOf } from './run-tool.ts'

const tag = 'localhost/anteroom/base'

const dockerfile = `FROM scratch
ADD debian.tar /
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
`

/**
 * An image like node:24-slim for where none can be had: Debian by `mmdebstrap`, with the pinned Node of this checkout
 * and npm from the registry. Made once; returns its name.
 */
export async function localBase(builder: Builder): Promise<string> {
  if (await builder.has(tag)) return tag

  const folder = await mkdtemp(join(tmpdir(), 'anteroom-base-'))
  try {
    await runTool('mmdebstrap', ['--variant=minbase', 'bookworm', join(folder, 'debian.tar')])
    await cp(process.execPath, join(folder, 'node'))
    await runTool('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', 'npm@11.19.1'])
    await cp(join(folder, 'node_modules/npm'), join(folder, 'npm'), { recursive: true })
    await rm(join(folder, 'node_modules'), { recursive: true })
    await writeFile(join(folder, 'Dockerfile'), dockerfile)
    await builder.buildFrom(folder, tag)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return tag
}

export function canMakeLocalBase(): Promise<boolean> {
  return textOf('mmdebstrap', ['--version']).then(
    () => true,
    () => false,
  )
}
