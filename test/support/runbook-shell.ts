import { execFile } from 'node:child_process'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { listen } from '@anteroom/infra/local/http-server.ts'
import pg from 'pg'
import { localDirectory, root } from './root.ts'
import { type RunbookCommand, withValues } from './runbook.ts'

/** Runs the commands of runbooks as an operator does. */
export interface RunbookShell {
  /** What it said, or the rows. Throws if it fails. */
  run(command: RunbookCommand): Promise<string>
  stop(): Promise<void>
}

export interface RunbookPlace {
  /** As the administrator. */
  readonly databaseUrl: () => string
  /** Of `:'name'` in SQL. */
  readonly values: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  /** What stands in for programs that a machine of ours may not have, such as `aws`: words in, output out. */
  readonly programs: Readonly<Record<string, (words: readonly string[]) => Promise<string>>>
}

export async function startRunbookShell(place: RunbookPlace): Promise<RunbookShell> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const words = Buffer.concat(chunks).toString().split('\n').slice(0, -1)
      const program = place.programs[request.url?.slice(1) ?? '']
      const said = program?.(words) ?? Promise.reject(new Error('no such program'))
      await said.then(
        (text) => response.end(text),
        (error: unknown) => response.writeHead(500).end(String(error)),
      )
    })
  })
  const listening = await listen(server, 0)
  const bin = join(localDirectory, 'test', `bin-${listening.port}`)
  await mkdir(bin, { recursive: true })
  for (const name of Object.keys(place.programs)) {
    const script = `#!/bin/sh\nprintf '%s\\n' "$@" | curl -sS --fail-with-body --data-binary @- http://127.0.0.1:${listening.port}/${name}\n`
    await writeProgram(join(bin, name), script)
  }
  await writeProgram(
    join(bin, 'pnpm'),
    `#!/bin/sh\nshift\nexec "${process.execPath}" "${join(root, 'infra/ops/main.ts')}" "$@"\n`,
  )
  const env = { ...place.env, PATH: `${bin}:${process.env.PATH}`, USER: 'ada' }

  return {
    run: ({ language, text, where }) => {
      if (language === 'sql') return query(place.databaseUrl(), withValues(text, place.values))
      if (language === 'sh') return shell(text, env)
      throw new Error(`${where}: nobody runs ${language || 'a block without a language'}`)
    },
    async stop() {
      await listening.stop()
      await rm(bin, { recursive: true })
    },
  }
}

async function writeProgram(file: string, text: string): Promise<void> {
  await writeFile(file, text)
  await chmod(file, 0o755)
}

async function query(url: string, text: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query(text)
    return JSON.stringify(rows)
  } finally {
    await client.end()
  }
}

function shell(text: string, env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      '/bin/sh',
      ['-euc', text],
      { cwd: root, env, timeout: 60_000 },
      (error, said, noted) =>
        error ? reject(new Error(`${text}\n${said}${noted}`)) : resolve(said),
    )
  })
}
