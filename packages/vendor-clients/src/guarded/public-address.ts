import { BlockList, isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * Whether an address is one of the public internet and of nothing else. `ipaddr.js` keeps the registries of special addresses
 * (RFC 6890 and those after it): private and shared networks, loopback, link-local and with it the metadata services of clouds,
 * multicast, documentation, reserved, and IPv6 that carries an IPv4 address inside (mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(address: string): boolean {
  // What Node does not read as an address, such as 0177.0.0.1, is not left to another reader to understand.
  const family = isIP(address)
  if (family === 0 || address.includes('%') || ipaddr.parse(address).range() !== 'unicast')
    return false
  return family === 4 ? !platform.check(address) : allocated.check(address, 'ipv6')
}

/** Of IPv6 only this is given out to be routed (RFC 4291, section 2.4, and IANA); the rest is none of it or not yet. */
const allocated = new BlockList()
allocated.addSubnet('2000::', 3, 'ipv6')

/** A service of the platform at a public address: Azure's, which machines ask for their settings. */
const platform = new BlockList()
platform.addAddress('168.63.129.16')
