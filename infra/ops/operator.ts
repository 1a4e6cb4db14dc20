import { randomBytes } from 'node:crypto'
import { hashPassword } from '@anteroom/crypto/password'

/** Prints what to add to the worker's setting for the console, and a password, which is nowhere afterwards. */
export async function newOperator(name: string, say: (line: string) => void): Promise<void> {
  const password = randomBytes(18).toString('base64url')
  say('# Add this to "console_operators" of the worker’s settings file:')
  say(`${JSON.stringify(name)}: "${await hashPassword(password)}"`)
  say('# or, with a space before it, to ANTEROOM_CONSOLE_OPERATORS:')
  say(`# ${name}:<the same hash>`)
  say('# The operator’s password. It is shown this once and kept nowhere:')
  say(`# ${password}`)
}
