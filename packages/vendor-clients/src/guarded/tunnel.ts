import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { codeOf } from '../system-error.ts'
import { GuardError, type GuardErrorCode } from './guard-error.ts'

export interface TunnelOptions {
  readonly proxyUrl: string
  /** Where to, as a number: nobody looks a name up after this. */
  readonly address: string
  readonly port: number
  readonly signal: AbortSignal
}

/** The proxy is near. Whether it is there shows long before anybody behind it is given up. */
const proxyConnectMs = 1_000

/**
 * Asks the proxy for a tunnel to an address. Whoever cannot get through to the proxy has trouble with it; that it takes the question
 * and hangs up without a word is how some proxies say that nobody answers behind them.
 * @throws GuardError, and nothing else
 */
export function openTunnel({ proxyUrl, address, port, signal }: TunnelOptions): Promise<Socket> {
  const authority = `${address.includes(':') ? `[${address}]` : address}:${port}`
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const call = askFor(authority, proxyUrl)
  const end = (error: GuardError) => {
    reject(error)
    call.destroy()
  }
  const onAbort = () => end(new GuardError('TIMEOUT', 'CONNECT'))
  let nobody: GuardErrorCode = 'PROXY_UNAVAILABLE'
  const impatience = setTimeout(() => end(new GuardError(nobody, 'ETIMEDOUT')), proxyConnectMs)

  signal.addEventListener('abort', onAbort, { once: true })
  call.once('finish', () => {
    clearTimeout(impatience)
    nobody = 'UNREACHABLE'
  })
  call.once('connect', ({ statusCode = 0 }, socket, early) => {
    if (statusCode >= 200 && statusCode < 300) {
      if (early.length > 0) socket.unshift(early)
      return resolve(socket)
    }
    socket.destroy()
    end(new GuardError(codeOfAnswer(statusCode), `CONNECT_${statusCode}`))
  })
  call.on('error', (error) => end(new GuardError(nobody, codeOf(error))))
  if (signal.aborted) onAbort()
  call.end()
  return promise.finally(() => {
    clearTimeout(impatience)
    signal.removeEventListener('abort', onAbort)
  })
}

function askFor(authority: string, proxyUrl: string): http.ClientRequest {
  const { protocol, hostname, port, username, password } = new URL(proxyUrl)
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const isTls = protocol === 'https:'
  return (isTls ? https : http).request({
    method: 'CONNECT',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port || (isTls ? 443 : 80),
    path: authority,
    agent: false,
    headers: {
      host: authority,
      ...(username !== '' && {
        'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}`,
      }),
    },
  })
}

/** A gateway status, and proxy-chain's own from 590 on, say that nobody answers behind the proxy; the rest is between it and us. */
function codeOfAnswer(status: number): GuardErrorCode {
  if ([502, 503, 504].includes(status) || status >= 590) return 'UNREACHABLE'
  return status >= 500 ? 'PROXY_UNAVAILABLE' : 'PROXY_REFUSED'
}
