import { isIP } from 'node:net'
import { forbidden } from './guard-error.ts'

export interface UrlRules {
  readonly ports: readonly number[]
  /** Whether it is one that the settings of a local machine name. */
  readonly isLocal: (host: string, port: number) => boolean
}

/**
 * Takes an address only if every reader understands it in the same way: its host must stand there as URL writes it, so that
 * `0x7f.1`, `127。0。0。1` and `example.com\@localhost` need not be told apart from what they turn into.
 */
export function checkUrl(text: string, { ports, isLocal }: UrlRules): URL {
  const url = URL.parse(text)
  if (!url || !printable.test(text)) throw forbidden('NOT_A_URL')
  if (url.protocol !== 'https:') throw forbidden('NOT_HTTPS')
  if (url.username || url.password || authorityOf(text).includes('@'))
    throw forbidden('CREDENTIALS')
  if (text.includes('#')) throw forbidden('FRAGMENT')
  // A literal IPv6 address is a number however it is written.
  if (isNumber(url.hostname)) throw forbidden('HOST_IS_A_NUMBER')
  if (url.host !== authorityOf(text).toLowerCase().replace(/:443$/, ''))
    throw forbidden('HOST_IN_DISGUISE')
  const port = Number(url.port || 443)
  if (isLocal(url.hostname, port)) return url
  if (!isPublicName(url.hostname)) throw forbidden('HOST_NOT_PUBLIC')
  if (!ports.includes(port)) throw forbidden('PORT')
  return url
}

/** Neither spaces nor controls, which URL would drop, nor backslashes, which it would turn. */
const printable = /^[^\s\p{Cc}\\]+$/u

function authorityOf(text: string): string {
  return /^https:\/\/([^/?#]*)/i.exec(text)?.[1] ?? ''
}

function isNumber(host: string): boolean {
  return host.startsWith('[') || isIP(host) !== 0
}

/** At least two labels of letters, digits and hyphens (RFC 1123, section 2.1), and none that is for local use. */
function isPublicName(host: string): boolean {
  const labels = host.split('.')
  const last = labels.at(-1) ?? ''
  return (
    host.length <= 253 &&
    labels.length > 1 &&
    labels.every((label) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label)) &&
    !localNames.has(last) &&
    !host.endsWith('.home.arpa')
  )
}

/** RFC 6761, 6762, 7686 and 9476, and ICANN's name for private use. */
const localNames = new Set(['localhost', 'local', 'localdomain', 'internal', 'onion', 'alt'])
