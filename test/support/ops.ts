import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { root } from './root.ts'

export interface OpsAnswer {
  readonly code: number
  readonly said: string
  readonly noted: string
}

/** Runs `pnpm ops` as a process of its own, as the operator ada. */
export type Ops = (
  line: readonly string[],
  env?: Readonly<Record<string, string>>,
  /** What it is given on standard input. */
  input?: string,
) => Promise<OpsAnswer>

export async function opsOf(stack: LocalStack): Promise<Ops> {
  const settings = await stack.environmentFor('ops')
  return (line, env = {}, input = '') =>
    new Promise((resolve, reject) => {
      const child = execFile(
        process.execPath,
        [join(root, 'infra/ops/main.ts'), ...line],
        { env: { PATH: process.env.PATH, USER: 'ada', ...settings, ...env } },
        (_error, said, noted) => {
          // A signal, or a start that failed, leaves no code.
          if (child.exitCode === null)
            return reject(new Error(`ops did not end by itself\n${noted}`))
          resolve({ code: child.exitCode, said, noted })
        },
      )
      child.stdin?.end(input)
    })
}
