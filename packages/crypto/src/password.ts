import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** What Argon2id may cost. Memory is in KiB. */
export interface HashCost {
  readonly memory: number
  readonly passes: number
  readonly lanes: number
}

/** OWASP's recommendation: 19 MiB, two passes, one lane. */
export const usualCost: HashCost = { memory: 19_456, passes: 2, lanes: 1 }

/** What stands in the PHC string of a password. */
export interface PasswordHash {
  readonly cost: HashCost
  readonly salt: Buffer
  readonly tag: Buffer
}

const saltBytes = 16
const tagBytes = 32

export const newSalt = (): Buffer => randomBytes(saltBytes)

/** One that is no password's: comparing with it takes as long as with another. */
export const nobodysHash = (cost: HashCost): PasswordHash => ({
  cost,
  salt: newSalt(),
  tag: randomBytes(tagBytes),
})

const runArgon2 = promisify(argon2)

export function argon2id(password: string, nonce: Buffer, by: HashCost): Promise<Buffer> {
  return runArgon2('argon2id', {
    message: password,
    nonce,
    memory: by.memory,
    passes: by.passes,
    parallelism: by.lanes,
    tagLength: tagBytes,
  })
}

/** In the PHC string format. */
export async function hashPassword(password: string): Promise<string> {
  const salt = newSalt()
  return writeHash({ cost: usualCost, salt, tag: await argon2id(password, salt, usualCost) })
}

/** It takes as long with nobody's hash. */
export async function isPassword(password: string, hash: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await argon2id(password, hash.salt, hash.cost), hash.tag)
}

export function writeHash({ cost: { memory, passes, lanes }, salt, tag }: PasswordHash): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${lanes}$${base64(salt)}$${base64(tag)}`
}

const phc = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([\w+/]{22})\$([\w+/]{43})$/

/** Undefined if it was not written by {@link writeHash}. */
export function readHash(text: string): PasswordHash | undefined {
  const [, memory, passes, lanes, salt = '', tag = ''] = phc.exec(text) ?? []
  if (tag === '') return undefined
  return {
    cost: { memory: Number(memory), passes: Number(passes), lanes: Number(lanes) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

/** The PHC format leaves the padding out. */
const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
