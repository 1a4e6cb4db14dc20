import { createHash } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'
import ssh2, { type ParsedKey, type SFTPWrapper } from 'ssh2'

export interface SftpServer {
  readonly port: number
  /** Of its own key, as `ssh-keygen -l` shows it. */
  readonly hostKey: string
  /** What a client signs in with, as OpenSSH writes it. */
  readonly clientKey: string
  /** By their paths, those with temporary names among them. */
  readonly files: Map<string, Buffer>
  /** Whom it lets in and does not serve, or serves and does not answer. */
  silent: 'signed-in' | 'served' | undefined
  stop(): Promise<void>
}

/** An SFTP server that keeps files in memory: version 3 of the protocol, and OpenSSH's rename that replaces. */
export async function startSftpServer({
  username,
  port,
}: {
  readonly username: string
  /** 0 takes a free one. */
  readonly port: number
}): Promise<SftpServer> {
  const host = newKey()
  const client = newKey()
  const allowed = client.parsed
  const files = new Map<string, Buffer>()
  const folders = new Set(['/'])
  const told = { files, silent: undefined } as Pick<SftpServer, 'files' | 'silent'>
  const open = new Set<{ end(): void }>()
  const server = new ssh2.Server({ hostKeys: [host.private] }, (connection) => {
    open.add(connection)
    connection.on('close', () => open.delete(connection))
    connection.on('error', () => undefined)
    connection.on('authentication', (given) => {
      const isKnown =
        given.method === 'publickey' &&
        given.username === username &&
        given.key.data.equals(allowed.getPublicSSH()) &&
        (!given.signature ||
          allowed.verify(given.blob ?? Buffer.alloc(0), given.signature) === true)
      if (isKnown) given.accept()
      else given.reject(['publickey'])
    })
    connection.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => {
        if (told.silent === 'signed-in') return
        const sftp = acceptSftp()
        if (told.silent === undefined) serve(sftp, files, folders)
        else sftp.on('STAT', () => undefined)
      })
    })
  })
  // Its many small answers would each wait for a confirmation of the one before.
  const listening = createServer({ noDelay: true }, (socket) => server.injectSocket(socket))
  await new Promise<void>((resolve) => listening.listen(port, '127.0.0.1', resolve))
  const fingerprint = createHash('sha256').update(host.parsed.getPublicSSH()).digest('base64')
  return Object.assign(told, {
    port: (listening.address() as AddressInfo).port,
    hostKey: `SHA256:${fingerprint.replace(/=+$/, '')}`,
    clientKey: client.private,
    async stop() {
      for (const connection of open) connection.end()
      await new Promise<void>((resolve) => listening.close(() => resolve()))
    },
  })
}

interface KeyPair {
  readonly private: string
  readonly parsed: ParsedKey
}

/** Of some three hundred keys that ssh2 makes there is one that it cannot read itself. */
function newKey(): KeyPair {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519')
    const parsed = ssh2.utils.parseKey(pair.public)
    const isReadable = !(ssh2.utils.parseKey(pair.private) instanceof Error)
    if (isReadable && !(parsed instanceof Error)) return { private: pair.private, parsed }
  }
}

function serve(sftp: SFTPWrapper, files: Map<string, Buffer>, folders: Set<string>): void {
  const { STATUS_CODE: status, OPEN_MODE: mode } = ssh2.utils.sftp
  const handles = new Map<string, string>()
  const attributes = (size: number) => ({
    mode: 0o100600,
    uid: 0,
    gid: 0,
    size,
    atime: 0,
    mtime: 0,
  })

  function sendStat(id: number, path: string): void {
    const file = files.get(path)
    if (file) sftp.attrs(id, attributes(file.length))
    else if (folders.has(path)) sftp.attrs(id, { ...attributes(0), mode: 0o040700 })
    else sftp.status(id, status.NO_SUCH_FILE)
  }

  sftp.on('OPEN', (id, path, flags) => {
    if (flags & mode.TRUNC || !files.has(path)) {
      if (!(flags & mode.CREAT)) return sftp.status(id, status.NO_SUCH_FILE)
      files.set(path, Buffer.from(new ArrayBuffer(65_536), 0, 0))
    }
    const handle = String(handles.size)
    handles.set(handle, path)
    sftp.handle(id, Buffer.from(handle))
  })
  sftp.on('WRITE', (id, handle, ...[offset, data]) => {
    const path = handles.get(handle.toString()) ?? ''
    files.set(path, written(files.get(path) ?? Buffer.alloc(0), data, offset))
    sftp.status(id, status.OK)
  })
  sftp.on('CLOSE', (id) => sftp.status(id, status.OK))
  sftp.on('STAT', sendStat)
  sftp.on('LSTAT', sendStat)
  sftp.on('MKDIR', (id, path) => {
    folders.add(path)
    sftp.status(id, status.OK)
  })
  sftp.on('REMOVE', (id, path) =>
    sftp.status(id, files.delete(path) ? status.OK : status.NO_SUCH_FILE),
  )
  sftp.on('RENAME', (id, from, to) => {
    if (files.has(to)) return sftp.status(id, status.FAILURE)
    move(id, from, to)
  })
  sftp.on('EXTENDED', (id, name, data) => {
    if (name !== 'posix-rename@openssh.com') return sftp.status(id, status.OP_UNSUPPORTED)
    const [from = '', to = ''] = texts(data)
    move(id, from, to)
  })

  function move(id: number, from: string, to: string): void {
    const file = files.get(from)
    if (file) {
      files.delete(from)
      files.set(to, file)
    }
    sftp.status(id, file ? status.OK : status.NO_SUCH_FILE)
  }
}

/** The same memory where there is room behind it, so that a large file is not copied with each message. */
function written(file: Buffer, data: Buffer, offset: number): Buffer {
  const length = Math.max(file.length, offset + data.length)
  const room = file.buffer.byteLength - file.byteOffset
  const grown = length <= room ? file : Buffer.alloc(length * 2)
  if (grown !== file) file.copy(grown)
  data.copy(Buffer.from(grown.buffer, grown.byteOffset), offset)
  return Buffer.from(grown.buffer, grown.byteOffset, length)
}

function texts(data: Buffer): string[] {
  const found: string[] = []
  for (let at = 0; at < data.length; ) {
    const length = data.readUInt32BE(at)
    found.push(data.subarray(at + 4, at + 4 + length).toString('utf8'))
    at += 4 + length
  }
  return found
}
