import https from 'node:https'
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls'
import { codeOf, innermost } from '../system-error.ts'
import { openConnection } from './connection.ts'
import type { Guard } from './guard.ts'
import { GuardError } from './guard-error.ts'

export interface GuardedAgentOptions {
  readonly guard: Guard
  readonly proxyUrl: string
  /** PEM of the authorities that servers are verified against, instead of the public ones. */
  readonly ca?: string | undefined
  /** PEM of the certificate by which servers know us. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string } | undefined
  /** From looking up a name to the end of the TLS handshake. */
  readonly connectTimeoutMs: number
  readonly maxIdleConnections: number
}

/** Unused connections are closed after this; servers' own keep-alive hints may be shorter. */
const idleMs = 10_000

/**
 * An agent for addresses that others choose. It connects to names as the guard allows, through the proxy, and in no other way,
 * whatever is asked of it. Errors of connecting are GuardErrors.
 * @throws GuardError when a certificate or key cannot be read
 */
export function createGuardedAgent(options: GuardedAgentOptions): https.Agent {
  const { guard, proxyUrl, ca, clientCertificate, connectTimeoutMs } = options
  const agent = new https.Agent({
    keepAlive: true,
    maxFreeSockets: options.maxIdleConnections,
    timeout: idleMs,
  })
  const secureContext = secureContextOf({
    ...(ca === undefined ? {} : { ca }),
    ...clientCertificate,
  })
  const way = { guard, proxyUrl, secureContext }

  agent.createConnection = ({ host, port }, done = () => undefined) => {
    const destination = { host: host ?? '', port: Number(port) }
    openConnection(destination, way, AbortSignal.timeout(connectTimeoutMs)).then(
      (socket) => done(null, socket),
      // The type wants a socket beside the error; Node does not.
      (error: Error) => done(error, undefined as never),
    )
    return undefined
  }
  return agent
}

function secureContextOf(certificates: SecureContextOptions): SecureContext {
  try {
    return createSecureContext({ ...certificates, minVersion: 'TLSv1.2' })
  } catch (error) {
    throw new GuardError('CERTIFICATE', codeOf(innermost(error)))
  }
}
