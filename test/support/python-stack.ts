import { execFile, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fetchDebianPackage, hasDebianPackages } from '@anteroom/infra/local/debian.ts'
import { cacheDirectory } from './root.ts'

/** Stacks that nobody here wrote, by the module they are imported as, and the Debian packages they come in. */
export const pythonStacks = {
  jwt: 'python3-jwt',
  jwcrypto: 'python3-jwcrypto',
  authlib: 'python3-authlib',
} as const
export type PythonStack = keyof typeof pythonStacks

export interface GivenToken {
  readonly token: string
  readonly audience: string
}

export type Verdict =
  | { readonly claims: Readonly<Record<string, unknown>> }
  /** The name of the stack's error. */
  | { readonly refused: string }

/** What a partner has that verifies with this stack. */
export type VerifyTokens = (given: {
  readonly jwks: unknown
  readonly issuer: string
  readonly tokens: readonly GivenToken[]
}) => Promise<readonly Verdict[]>

const python = '/usr/bin/python3'
const script = join(import.meta.dirname, 'verify-events.py')

/** Why these stacks cannot be had here; undefined where they can. */
export const noPythonStacks: string | undefined = whyNot()

function whyNot(): string | undefined {
  if (!existsSync(python)) return 'there is no /usr/bin/python3'
  const hasAll = Object.keys(pythonStacks).every((name) => hasModule(name))
  return hasAll || hasDebianPackages() ? undefined : 'the modules are missing, and there is no apt'
}

function hasModule(name: string): boolean {
  try {
    execFileSync(python, ['-c', `import ${name}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The system's own module, or else the Debian package, fetched and not installed. */
export async function openPythonStack(stack: PythonStack): Promise<VerifyTokens> {
  // The key library of all three is only recommended by the first, and comes with the second.
  const needed = hasModule(stack) ? [] : [pythonStacks[stack], pythonStacks.jwcrypto]
  const folders: string[] = []
  const libraries: string[] = []
  for (const name of new Set(needed)) {
    const { root, env } = await fetchDebianPackage(name, join(cacheDirectory, `debian-${name}`))
    folders.push(join(root, 'usr/lib/python3/dist-packages'))
    libraries.push(env.LD_LIBRARY_PATH)
  }
  const env = {
    PATH: process.env.PATH,
    PYTHONPATH: folders.join(':'),
    LD_LIBRARY_PATH: libraries.join(':'),
  }
  return async (given) => {
    const output = await run([script, stack], { env, input: JSON.stringify(given) })
    return JSON.parse(output)
  }
}

interface RunOptions {
  readonly env: NodeJS.ProcessEnv
  readonly input: string
}

function run(args: readonly string[], { env, input }: RunOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(python, [...args], { env, timeout: 30_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr, { cause: error }))
      else resolve(stdout)
    })
    child.stdin?.end(input)
  })
}
