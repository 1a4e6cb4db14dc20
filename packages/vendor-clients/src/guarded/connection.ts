import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect, type SecureContext, type TLSSocket } from 'node:tls'
import { codeOf, innermost } from '../system-error.ts'
import { isCertificateError } from './certificate-error.ts'
import type { Guard } from './guard.ts'
import { GuardError } from './guard-error.ts'
import { openTunnel } from './tunnel.ts'

export interface Destination {
  readonly host: string
  readonly port: number
}

export interface Way {
  readonly guard: Guard
  readonly proxyUrl: string
  readonly secureContext: SecureContext
}

/** Of the addresses of one name. */
const maxAddressesTried = 3

/**
 * Looks the name up once, has the proxy connect to an address that was checked, and speaks TLS with the name: between the check
 * and the connection nobody can say another address.
 * @throws GuardError, and nothing else
 */
export async function openConnection(
  { host, port }: Destination,
  { guard, proxyUrl, secureContext }: Way,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const addresses = await lookUp(guard, { host, port }, signal)
  const socket = await firstTunnel(addresses.slice(0, maxAddressesTried), (address) =>
    openTunnel({ proxyUrl, address, port, signal }),
  )
  const secure = connect({
    socket,
    secureContext,
    servername: host,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
  })
  return shakeHands(secure, signal)
}

async function lookUp(
  guard: Guard,
  { host, port }: Destination,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { promise, reject } = Promise.withResolvers<never>()
  const end = () => reject(new GuardError('TIMEOUT', 'DNS'))
  signal.addEventListener('abort', end, { once: true })
  try {
    return await Promise.race([guard.addressesOf(host, port), promise])
  } catch (error) {
    throw error instanceof GuardError ? error : ofNameServers(error)
  } finally {
    signal.removeEventListener('abort', end)
  }
}

/** That no name server of ours answers at all is like having no way out; any other answer is about the name. */
function ofNameServers(thrown: unknown): GuardError {
  const code = codeOf(innermost(thrown))
  return new GuardError(
    code === 'ECONNREFUSED' ? 'PROXY_UNAVAILABLE' : 'UNREACHABLE',
    `DNS_${code}`,
  )
}

/** Goes on to the next address where nobody answers, and only there. */
async function firstTunnel(
  [address = '', ...others]: readonly string[],
  open: (address: string) => Promise<Socket>,
): Promise<Socket> {
  try {
    return await open(address)
  } catch (error) {
    const isDead = error instanceof GuardError && error.code === 'UNREACHABLE'
    if (!isDead || others.length === 0) throw error
    return firstTunnel(others, open)
  }
}

async function shakeHands(socket: TLSSocket, signal: AbortSignal): Promise<TLSSocket> {
  // Whoever takes the socket over listens for errors a little later.
  socket.on('error', () => undefined)
  try {
    await once(socket, 'secureConnect', { signal })
    return socket
  } catch (error) {
    socket.destroy()
    if (signal.aborted) throw new GuardError('TIMEOUT', 'TLS')
    const code = codeOf(innermost(error))
    throw new GuardError(isCertificateError(code) ? 'CERTIFICATE' : 'UNREACHABLE', code)
  }
}
