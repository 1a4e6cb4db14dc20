import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { HttpError } from '../plugins/http-error.ts'
import { createAtOnce } from './at-once.ts'
import { normalPassword } from './password-rules.ts'

/** What Argon2id may cost. Memory is in KiB. */
export interface HashCost {
  readonly memory: number
  readonly passes: number
  readonly lanes: number
}

/** OWASP's recommendation: 19 MiB, two passes, one lane. */
const cost: HashCost = { memory: 19_456, passes: 2, lanes: 1 }

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

export function createPasswordHashes(current: HashCost = cost): PasswordHashes {
  const atOnce = createAtOnce(limits)
  const derive = async (password: string, salt: Buffer, by: HashCost) => {
    if (atOnce.isFull()) throw new HttpError(503, 'TOO_MANY_PASSWORDS')
    return atOnce.run(() => argon2id(password, salt, by))
  }
  const nobodys = { cost: current, salt: randomBytes(saltBytes), tag: randomBytes(tagBytes) }

  return {
    async hash(password) {
      const salt = randomBytes(saltBytes)
      return write({ cost: current, salt, tag: await derive(password, salt, current) })
    },
    async verify(stored, password) {
      const known = stored == null ? nobodys : read(stored)
      const tag = await derive(password, known.salt, known.cost)
      if (!timingSafeEqual(tag, known.tag) || stored == null) return 'wrong'
      return isSame(known.cost, current) ? 'right' : 'outdated'
    },
  }
}

const saltBytes = 16
const tagBytes = 32

const runArgon2 = promisify(argon2)

function argon2id(password: string, nonce: Buffer, by: HashCost): Promise<Buffer> {
  return runArgon2('argon2id', {
    message: normalPassword(password),
    nonce,
    memory: by.memory,
    passes: by.passes,
    parallelism: by.lanes,
    tagLength: tagBytes,
  })
}

interface Hash {
  readonly cost: HashCost
  readonly salt: Buffer
  readonly tag: Buffer
}

function write({ cost: { memory, passes, lanes }, salt, tag }: Hash): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${lanes}$${base64(salt)}$${base64(tag)}`
}

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]{22})\$([\w+/]{43})$/

function read(text: string): Hash {
  const [, memory, passes, lanes, salt = '', tag = ''] = phc.exec(text) ?? []
  if (tag === '') throw new PasswordHashError()
  return {
    cost: { memory: Number(memory), passes: Number(passes), lanes: Number(lanes) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

/** What stands in the record was not written here. */
class PasswordHashError extends Error {
  readonly code = 'PASSWORD_HASH_UNREADABLE'
}

function isSame(one: HashCost, other: HashCost): boolean {
  return one.memory === other.memory && one.passes === other.passes && one.lanes === other.lanes
}

/** The PHC format leaves the padding out. */
const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
