import { hash, randomInt } from 'node:crypto'

/** No I, L, O or U: what is read out or typed is not mistaken for something else (Crockford's base32). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 28

/** 140 random bits in groups of four, such as `7KQ2-M9XD-4T0B-WZ8R-…`. */
export function newConsentCode(): string {
  const characters = Array.from({ length }, () => alphabet[randomInt(alphabet.length)])
  return (characters.join('').match(/.{4}/g) ?? []).join('-')
}

/** What is kept of a code: its SHA-256, base64url, the same in whatever way it was typed. */
export function consentHashOf(code: string): string {
  const read = code.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replaceAll('O', '0')
  return hash('sha256', read, 'base64url')
}
