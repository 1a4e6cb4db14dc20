import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { commonPasswords } from './common-passwords.ts'
import { type Blocklist, normalPassword, passwordLength } from './password-rules.ts'

/**
 * The passwords nobody may choose: those that come with us, and those in the deployment's own file, one a line. What is
 * too short to be chosen anyway is left out, so that even a list of ten million costs little memory.
 */
export async function readBlocklist(file: string | undefined): Promise<Blocklist> {
  const blocked = new Set(commonPasswords)
  if (file === undefined) return blocked
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Infinity,
  })) {
    const password = normalPassword(line).toLowerCase()
    if (password.length >= passwordLength.min) blocked.add(password)
  }
  return blocked
}
