import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hashSecret, partnersSchema, readPartners } from '@anteroom/idp-web/partners'
import { stringify } from 'yaml'
import { BadCommandError, type NewPartner } from './command.ts'

/** Commands about the partners file. They need no database and change nothing: what they print is for a file. */

type Say = (line: string) => void

/** Prints the block to add to the partners file, and the partner's secret, which is nowhere afterwards. */
export function newPartner({ keyFile, ...asked }: NewPartner, say: Say): void {
  const secret = randomBytes(32).toString('base64url')
  const auth =
    keyFile === undefined
      ? { client_auth: 'client_secret_basic', secret_hashes: [hashSecret(secret)] }
      : { client_auth: 'private_key_jwt', jwks: readKeys(keyFile) }
  const partner = { ...asked, ...auth }
  const checked = partnersSchema.safeParse({ partners: [partner] })
  if (!checked.success) {
    const problems = checked.error.issues.map(
      ({ path, message }) => `${path.slice(2).join('.')}: ${message}`,
    )
    throw new BadCommandError(`Not a partner. ${problems.join('; ')}`)
  }
  say('# Add this to the list "partners" of the partners file:')
  say(stringify([partner]).trimEnd())
  if (keyFile !== undefined) return
  say('# The partner’s secret. It is shown this once and kept nowhere:')
  say(`# ${secret}`)
}

function readKeys(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new BadCommandError('--keys is a file with a JSON Web Key Set of public keys.')
  }
}

/** Says everything that is wrong with a partners file, or who is in it. */
export function checkPartners(file: string, say: Say): boolean {
  const read = readPartners(file)
  if (!read.ok) {
    for (const problem of read.problems) say(problem)
    return false
  }
  for (const { id, name, client_auth, scopes } of read.partners.values()) {
    say(`${id}  ${name}  ${client_auth}  ${scopes.join(' ')}`)
  }
  return true
}
