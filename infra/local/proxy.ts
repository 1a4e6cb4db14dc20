import { createHash, timingSafeEqual } from 'node:crypto'
import { RequestError, Server } from 'proxy-chain'

export interface ProxyOptions {
  readonly port: number
  readonly credentials: { readonly username: string; readonly password: string }
  /** The only names and addresses that can be reached, each on port 443 unless it is written with another one, and where they really live. */
  readonly allow: Readonly<Record<string, { readonly host: string; readonly port: number }>>
}

export interface LocalProxy {
  readonly port: number
  /** With the credentials in it, as an HTTPS_PROXY variable has them. */
  readonly url: string
  /** Which passwords it takes from now on: two while one replaces the other. */
  setPasswords(passwords: readonly string[]): void
  /** How many tunnels to this host name were granted so far. */
  connectsTo(hostName: string): number
  /** How many requests were refused so far: foreign names or ports, bad credentials, plain HTTP. */
  refused(): number
  stop(): Promise<void>
}

const httpsPort = 443

/**
 * A forward proxy for CONNECT alone. It knows its names from the table, never from DNS, and says 407 to a
 * stranger and 403 to anything that is not in the table. It keeps counts and writes no log.
 */
export async function startProxy(options: ProxyOptions): Promise<LocalProxy> {
  const { username, password } = options.credentials
  let passwords: readonly string[] = [password]
  const targets = new Map(Object.entries(options.allow))
  const connects = new Map<string, number>()
  let refused = 0

  const server = new Server({
    host: '127.0.0.1',
    port: options.port,
    authRealm: 'outbound',
    prepareRequestFunction: ({ request, hostname, port, isHttp, ...given }) => {
      const isKnown = passwords.filter((one) => isSame(given.password, one)).length > 0
      if (!isSame(given.username, username) || !isKnown) {
        refused += 1
        return { requestAuthentication: true }
      }
      const target = targets.get(port === httpsPort ? hostname : `${hostname}:${port}`)
      if (isHttp || !target) {
        refused += 1
        throw new RequestError('Not allowed by the outbound policy', 403)
      }
      connects.set(hostname, (connects.get(hostname) ?? 0) + 1)
      // proxy-chain dials what stands here.
      request.url = `${target.host}:${target.port}`
      return {}
    },
  })
  await server.listen()

  return {
    port: server.port,
    url: `http://${encodeURIComponent(username)}:${encodeURIComponent(password)}@127.0.0.1:${server.port}`,
    setPasswords: (next) => {
      passwords = next
    },
    connectsTo: (hostName) => connects.get(hostName) ?? 0,
    refused: () => refused,
    stop: () => server.close(true),
  }
}

function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
