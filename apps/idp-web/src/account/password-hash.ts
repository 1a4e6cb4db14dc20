import { timingSafeEqual } from 'node:crypto'
import {
  argon2id,
  type HashCost,
  newSalt,
  nobodysHash,
  type PasswordHash,
  readHash,
  usualCost,
  writeHash,
} from '@anteroom/crypto/password'
import { HttpError } from '../plugins/http-error.ts'
import { createAtOnce } from './at-once.ts'
import { normalPassword } from './password-rules.ts'

/** Each takes 19 MiB and one of the four threads that Node has for such work. */
const limits = { most: 2, waiting: 100 } as const

/** `outdated`: right, and to be hashed anew, because hashes cost more by now. */
export type Verdict = 'right' | 'outdated' | 'wrong'

export interface PasswordHashes {
  /** In the PHC string format. */
  hash(password: string): Promise<string>
  /** Without a hash to compare with, it takes as long as with one and is wrong. */
  verify(stored: string | null | undefined, password: string): Promise<Verdict>
}

export function createPasswordHashes(current: HashCost = usualCost): PasswordHashes {
  const atOnce = createAtOnce(limits)
  const derive = async (password: string, salt: Buffer, by: HashCost) => {
    if (atOnce.isFull()) throw new HttpError(503, 'TOO_MANY_PASSWORDS')
    return atOnce.run(() => argon2id(normalPassword(password), salt, by))
  }
  const nobodys = nobodysHash(current)

  return {
    async hash(password) {
      const salt = newSalt()
      return writeHash({ cost: current, salt, tag: await derive(password, salt, current) })
    },
    async verify(stored, password) {
      const known = stored == null ? nobodys : read(stored)
      const tag = await derive(password, known.salt, known.cost)
      if (!timingSafeEqual(tag, known.tag) || stored == null) return 'wrong'
      return isSame(known.cost, current) ? 'right' : 'outdated'
    },
  }
}

function read(text: string): PasswordHash {
  const hash = readHash(text)
  if (!hash) throw new PasswordHashError()
  return hash
}

/** What stands in the record was not written here. */
class PasswordHashError extends Error {
  readonly code = 'PASSWORD_HASH_UNREADABLE'
}

function isSame(one: HashCost, other: HashCost): boolean {
  return one.memory === other.memory && one.passes === other.passes && one.lanes === other.lanes
}
