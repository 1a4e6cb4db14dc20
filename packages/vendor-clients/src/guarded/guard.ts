import { checkUrl } from './check-url.ts'
import { forbidden } from './guard-error.ts'
import { isPublicAddress } from './public-address.ts'
import { createNameServers, type ResolveName } from './resolve-name.ts'

export interface GuardOptions {
  /** Ports that may be called. */
  readonly ports?: readonly number[] | undefined
  /** For local machines alone: each `host:port` that may lead to a private address, such as `localhost:3034`. */
  readonly allowPrivate?: readonly string[] | undefined
  /** Instead of the system's name servers. */
  readonly resolve?: ResolveName | undefined
}

/** Says where a stranger's address may lead us. */
export interface Guard {
  /** @throws GuardError when it is not a plain `https:` address with a public name and an allowed port */
  checkUrl(text: string): URL
  /**
   * Looks a name up, once, and answers with addresses that may be connected to, IPv4 first. To ask a second time is to be told
   * something else: connect to these and not to the name.
   * @throws GuardError when a single one of its addresses is not public, and what the name servers say
   */
  addressesOf(host: string, port: number): Promise<readonly string[]>
}

const httpsPort = 443

export function createGuard(options: GuardOptions = {}): Guard {
  const { ports = [httpsPort], resolve = createNameServers() } = options
  const local = new Set(options.allowPrivate)
  const isLocal = (host: string, port: number) => local.has(`${host}:${port}`)

  return {
    checkUrl: (text) => checkUrl(text, { ports, isLocal }),
    async addressesOf(host, port) {
      const mayBePrivate = isLocal(host, port)
      const addresses = mayBePrivate && isLocalhost(host) ? ['127.0.0.1'] : await resolve(host)
      if (addresses.length === 0 || !(mayBePrivate || addresses.every(isPublicAddress))) {
        throw forbidden('ADDRESS_NOT_PUBLIC')
      }
      return addresses.toSorted((one, other) => familyOf(one) - familyOf(other))
    },
  }
}

/** Name servers need not know it (RFC 6761, section 6.3). */
function isLocalhost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost')
}

function familyOf(address: string): number {
  return address.includes(':') ? 6 : 4
}
