import { domainToASCII } from 'node:url'

/**
 * An e-mail address as its owner wrote it, without what means nothing: outer spaces, another form of the same letters,
 * capitals in the domain. Undefined if nothing could be sent there.
 */
export function parseAddress(typed: string): string | undefined {
  const text = typed.normalize('NFC').trim()
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(0, at))
  const domain = domainToASCII(text.slice(at + 1))
  if (!localPart.test(local) || !hostName.test(domain)) return undefined
  const address = `${local}@${domain}`
  return Buffer.byteLength(local) <= 64 && Buffer.byteLength(address) <= 254 ? address : undefined
}

/** The same for every way to write one address: what accounts are found by. Hosts may tell capitals apart; none does. */
export function canonicalAddress(address: string): string {
  return address.normalize('NFC').toLowerCase()
}

// Dots between words, and none of the characters that end an address or begin another header.
const localPart = /^[^\s\p{C}@<>()[\]\\,;:".]+(?:\.[^\s\p{C}@<>()[\]\\,;:".]+)*$/u
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const hostName = new RegExp(`^(?:${label}\\.)+${label}$`)
