import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const call = promisify(execFile)
const maxBuffer = 64 * 1024 * 1024

/** Runs a program to its end. What it said is in the error if it fails. */
export async function runTool(program: string, args: readonly string[]): Promise<void> {
  await textOf(program, args)
}

/** As {@link runTool}, and hands on what it said. */
export async function textOf(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await call(program, args, { maxBuffer })
  return stdout
}
