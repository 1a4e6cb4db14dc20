import { randomInt } from 'node:crypto'

/** No I, L, O or U: what is written on paper is not mistaken for something else (Crockford's base32). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 16

/** 80 random bits in four groups of four, such as `7KQ2-M9XD-4T0B-WZ8R`. */
export function newBackupCode(): string {
  const characters = Array.from({ length }, () => alphabet[randomInt(alphabet.length)])
  return inGroups(characters.join(''))
}

/** A code as it was made, whatever way it was typed; undefined if it cannot be one. */
export function readBackupCode(typed: string): string | undefined {
  const read = typed
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replace(/[IL]/g, '1')
    .replaceAll('O', '0')
  const isCode = read.length === length && [...read].every((it) => alphabet.includes(it))
  return isCode ? inGroups(read) : undefined
}

const inGroups = (code: string): string => (code.match(/.{4}/g) ?? []).join('-')
