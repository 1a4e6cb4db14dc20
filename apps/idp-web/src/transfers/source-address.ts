/**
 * Whether the text of an address rules it out: what is said without asking anybody. Which address a name leads to is the
 * worker's to check, when it connects.
 */
export function isAddressRefused(address: string, sandboxOrigins: readonly string[]): boolean {
  const url = URL.parse(address)
  if (!url) return true
  const { protocol, username, password, port, hostname, origin } = url
  if (protocol !== 'https:' || username !== '' || password !== '' || address.includes('#'))
    return true
  if (sandboxOrigins.includes(origin)) return false
  return port !== '' || !isPublicName(hostname)
}

/** Names that are only for use inside a network (RFC 6761, RFC 6762, RFC 8375, RFC 9476), and what clouds call their own. */
const privateZones = [
  'localhost',
  'local',
  'internal',
  'home.arpa',
  'test',
  'invalid',
  'onion',
  'alt',
  'arpa',
]

/**
 * A name with a dot in it. Numbers are refused, whatever they are written like: the URL parser has made `0x7f.1` and `2130706433` of
 * IPv4 the same four numbers, and IPv6 stands in brackets. Who has a certificate has a name.
 */
function isPublicName(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '')
  if (name.startsWith('[') || /(?:^|\.)\d+$/.test(name) || !name.includes('.')) return false
  return !privateZones.some((zone) => name === zone || name.endsWith(`.${zone}`))
}

/** Whether one of these covers a host: the same name, or with `*.` in front all names below one; `*` alone all. */
export function isHostCovered(hostname: string, patterns: readonly string[]): boolean {
  const name = hostname.replace(/\.$/, '')
  return patterns.some((pattern) =>
    pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : name === pattern,
  )
}
