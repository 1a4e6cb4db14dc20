import { createHash } from 'node:crypto'
import https from 'node:https'
import type { AddressInfo } from 'node:net'

export interface StoredFile {
  /** Empty where the receiver keeps none. */
  readonly bytes: Buffer
  readonly size: number
  /** As `Repr-Digest` has it. */
  readonly digest: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly trailers: Readonly<Record<string, string | undefined>>
}

export interface FileReceiver {
  readonly port: number
  /** Whole files, by their paths: what breaks off is not among them. */
  readonly files: Map<string, StoredFile>
  /** Asked before each request: with which status it is refused, if it is. */
  refuse:
    | ((method: string) => { status: number; headers?: Record<string, string> } | undefined)
    | undefined
  stop(): Promise<void>
}

/** A server that takes files by PUT as RFC 9110 and 9530 have it: `If-None-Match: *`, digests before or after, nothing half. */
export async function startFileReceiver(
  certificate: { readonly cert: string; readonly key: string },
  keepsBytes = true,
): Promise<FileReceiver> {
  const files = new Map<string, StoredFile>()
  const receiver = { files, refuse: undefined } as Pick<FileReceiver, 'files'> & {
    refuse: FileReceiver['refuse']
  }
  const server = https.createServer(certificate, async (request, response) => {
    const { method = '', url = '', headers } = request
    const refusal = receiver.refuse?.(method)
    if (refusal) return void response.writeHead(refusal.status, refusal.headers).end()
    const known = files.get(url)
    if (method === 'HEAD') {
      if (!known) return void response.writeHead(404).end()
      return void response
        .writeHead(200, { 'content-length': known.size, 'repr-digest': known.digest })
        .end()
    }
    if (method === 'DELETE') return void response.writeHead(files.delete(url) ? 204 : 404).end()
    if (known && headers['if-none-match'] === '*') return void response.writeHead(412).end()
    const chunks: Buffer[] = []
    const hash = createHash('sha256')
    let size = 0
    try {
      for await (const chunk of request) {
        hash.update(chunk)
        size += chunk.length
        if (keepsBytes) chunks.push(chunk)
      }
    } catch {
      return
    }
    const bytes = Buffer.concat(chunks)
    const digest = `sha-256=:${hash.digest('base64')}:`
    const wanted = headers['content-digest'] ?? request.trailers['content-digest']
    if (wanted !== undefined && wanted !== digest) return void response.writeHead(400).end()
    files.set(url, { bytes, size, digest, headers, trailers: request.trailers })
    response.writeHead(201).end()
  })
  server.on('clientError', (_error, socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(receiver, {
    port,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}
