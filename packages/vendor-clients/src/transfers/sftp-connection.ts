import { createHash, timingSafeEqual } from 'node:crypto'
import type { ConnectConfig, SFTPWrapper } from 'ssh2'
import { GuardError } from '../guarded/guard-error.ts'
import { openTunnel } from '../guarded/tunnel.ts'
import { toTransferError } from './exchange.ts'
import type { TransferCall } from './source.ts'
import { TransferError } from './transfer-error.ts'

export interface SftpOptions {
  readonly host: string
  readonly port: number
  readonly username: string
  /** OpenSSH's, without a passphrase. */
  readonly privateKey: string
  /** `SHA256:…` of the server's key, as `ssh-keygen -l` shows it. No other key is accepted. */
  readonly hostKey: string
  /** Absolute, without a slash at its end; may be empty. */
  readonly folder: string
  readonly proxyUrl: string
  readonly idleMs: number
}

const ciphers = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'chacha20-poly1305@openssh.com',
  'aes256-ctr',
] as const

type Then<T> = (error: Error | null | undefined, value: T) => void

/**
 * Asks the server one thing. What is asked of a connection that has ended, or whose server says nothing for `idleMs` while it is asked
 * something, fails.
 */
export type Ask = <T>(start: (sftp: SFTPWrapper, then: Then<T>) => unknown) => Promise<T>

export interface Connection {
  readonly ask: Ask
  end(): void
}

export async function withSftp<T>(
  options: SftpOptions,
  call: TransferCall,
  work: (ask: Ask) => Promise<T>,
): Promise<T> {
  const { ask, end } = await connect(options, call)
  try {
    return await work(ask)
  } catch (error) {
    throw ofSftp(error, call)
  } finally {
    end()
  }
}

/** Through a tunnel of the proxy, and to the server with the pinned key alone. */
export async function connect(options: SftpOptions, call: TransferCall): Promise<Connection> {
  const { host, port, proxyUrl, idleMs, hostKey, username, privateKey } = options
  // Loaded here, because few workers need it, and it takes its own memory for ciphers.
  const { default: ssh2 } = await import('ssh2')
  const client = new ssh2.Client()
  const { promise, resolve, reject } = Promise.withResolvers<SFTPWrapper>()
  const end = () => {
    call.signal.removeEventListener('abort', end)
    client.destroy()
  }
  const asking = createAsking(idleMs, end)
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(idleMs)])
  const onLate = () => reject(new Error('late'))
  let isStranger = false
  try {
    const sock = await openTunnel({ proxyUrl, address: host, port, signal })
    sock.setNoDelay(true)
    const fail = (error: Error) => {
      reject(error)
      asking.fail(error)
    }
    client.on('error', fail)
    client.on('close', () => fail(new Error('closed')))
    client.on('ready', () => client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp))))
    // Who is signed in is not served yet: nothing else waits for that.
    signal.addEventListener('abort', onLate, { once: true })
    call.signal.addEventListener('abort', end, { once: true })
    const config: ConnectConfig = {
      ...{ sock, username, privateKey, readyTimeout: idleMs, keepaliveInterval: idleMs / 3 },
      // Those that Node does in native code come first.
      algorithms: { cipher: [...ciphers] },
      hostVerifier: (key: Buffer) => {
        isStranger = !isPinned(key, hostKey)
        return !isStranger
      },
    }
    client.connect(config)
    const sftp = await promise
    return { ask: (start) => asking.ask((then) => start(sftp, then)), end }
  } catch (error) {
    end()
    if (isStranger) {
      throw new TransferError('destination-refused', { cause: 'HOST_KEY', retryable: true })
    }
    throw ofSftp(error, call)
  } finally {
    signal.removeEventListener('abort', onLate)
  }
}

function isPinned(key: Buffer, hostKey: string): boolean {
  const [one, other] = [fingerprintOf(key), hostKey.replace(/=+$/, '')].map((text) =>
    createHash('sha256').update(text).digest(),
  )
  return one !== undefined && other !== undefined && timingSafeEqual(one, other)
}

const fingerprintOf = (key: Buffer) =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

/** Questions that are not answered yet: they fail together. */
function createAsking(idleMs: number, end: () => void) {
  const open = new Set<(error: Error) => void>()
  let timer: NodeJS.Timeout | undefined

  function fail(error: Error): void {
    clearTimeout(timer)
    for (const reject of open) reject(error)
  }

  function watch(): void {
    clearTimeout(timer)
    if (open.size === 0) return
    timer = setTimeout(() => {
      fail(new Error('idle'))
      end()
    }, idleMs)
  }

  return {
    fail,
    async ask<T>(start: (then: Then<T>) => unknown): Promise<T> {
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      open.add(reject)
      watch()
      try {
        start((error, value) => (error ? reject(error) : resolve(value)))
        return await promise
      } finally {
        open.delete(reject)
        watch()
      }
    },
  }
}

export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

const permissionDenied = 3

/** ssh2's errors quote what the server says: none leaves this file. */
export function ofSftp(error: unknown, { signal }: TransferCall): Error {
  if (error instanceof TransferError || error instanceof GuardError || signal.aborted) {
    return toTransferError(error, 'destination', signal)
  }
  if (codeOf(error) === permissionDenied) {
    return new TransferError('destination-refused', { cause: 'SFTP_DENIED', retryable: true })
  }
  const isKey =
    error instanceof Error && 'level' in error && error.level === 'client-authentication'
  if (isKey) return new TransferError('destination-refused', { cause: 'SSH_KEY', retryable: true })
  return new TransferError('destination-unreachable', { cause: 'SFTP' })
}
