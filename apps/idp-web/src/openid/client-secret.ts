import { hash, timingSafeEqual } from 'node:crypto'

/** A partner's secret is 256 random bits, so its plain hash is as hard to guess as the secret itself. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

/** Compares with each of the hashes. Takes as long whichever is right, or none. */
export function isSecret(given: string, hashes: readonly string[]): boolean {
  const found = Buffer.from(hashSecret(given))
  return hashes.filter((one) => timingSafeEqual(found, Buffer.from(one))).length > 0
}
