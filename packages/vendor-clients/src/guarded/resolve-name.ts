import { Resolver } from 'node:dns/promises'

/** All IPv4 and IPv6 addresses of a name. Throws what the name servers say if it has none. */
export type ResolveName = (host: string) => Promise<readonly string[]>

const tryMs = 1_000
const tries = 2

/**
 * Asks name servers themselves, those of the system unless others are given. The system's own look-up would read the hosts file, where private names are, and
 * take one of the few threads that all of the process share for as long as a slow name server keeps it.
 */
export function createNameServers(servers?: readonly string[]): ResolveName {
  const resolver = new Resolver({ timeout: tryMs, tries })
  if (servers) resolver.setServers(servers)
  return async (host) => {
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    const addresses = answers.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    const [failure] = answers.filter((one) => one.status === 'rejected')
    if (addresses.length === 0 && failure) throw failure.reason
    return addresses
  }
}
