import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface StoredFile {
  /** Empty where none are kept. */
  readonly bytes: Buffer
  readonly size: number
  /** As `Repr-Digest` has it. */
  readonly digest: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly trailers: Readonly<Record<string, string | undefined>>
}

export interface FileShelf {
  /** Whole files, by their paths: what breaks off is not among them. */
  readonly files: Map<string, StoredFile>
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>
}

/** Takes files by PUT as RFC 9110 and 9530 have it: `If-None-Match: *`, digests before or after, nothing half. It keeps them in memory. */
export function createFileShelf(keepsBytes = true): FileShelf {
  const files = new Map<string, StoredFile>()

  async function put(url: string, request: IncomingMessage): Promise<number | undefined> {
    const { headers } = request
    if (files.has(url) && headers['if-none-match'] === '*') return 412
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
      return undefined
    }
    const digest = `sha-256=:${hash.digest('base64')}:`
    const wanted = headers['content-digest'] ?? request.trailers['content-digest']
    if (wanted !== undefined && wanted !== digest) return 400
    const { trailers } = request
    files.set(url, { bytes: Buffer.concat(chunks), size, digest, headers, trailers })
    return 201
  }

  return {
    files,
    async answer(request, response) {
      const { method = '', url = '' } = request
      const known = files.get(url)
      if (method === 'DELETE') return void response.writeHead(files.delete(url) ? 204 : 404).end()
      if (method === 'PUT') {
        const status = await put(url, request)
        if (status !== undefined) response.writeHead(status).end()
        return
      }
      if (!known) return void response.writeHead(404).end()
      response.writeHead(200, { 'content-length': known.size, 'repr-digest': known.digest })
      response.end(method === 'HEAD' ? undefined : known.bytes)
    },
  }
}
