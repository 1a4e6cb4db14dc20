import type { ServerResponse } from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import {
  createFileShelf,
  type FileShelf,
  type StoredFile,
} from '@anteroom/infra/sandbox/agency/file-shelf.ts'

export interface FileReceiver extends Pick<FileShelf, 'files'> {
  readonly port: number
  /** Asked before each request: with which status it is refused, or not answered at all, if it is. */
  refuse:
    | ((
        method: string,
      ) => { status: number; headers?: Record<string, string> } | 'silent' | undefined)
    | undefined
  /** What HEAD tells besides the length: a hash unless it says otherwise. */
  tells: 'hash' | 'nothing' | { readonly ageMs: number }
  /** What stands in the body of an answer to PUT, without an end. */
  thanks: (() => Buffer) | undefined
  stop(): Promise<void>
}

/** A server of its own that takes files by PUT, and can be told to refuse. */
export async function startFileReceiver(
  certificate: { readonly cert: string; readonly key: string },
  keepsBytes = true,
): Promise<FileReceiver> {
  const shelf = createFileShelf(keepsBytes)
  const receiver: Omit<FileReceiver, 'port' | 'stop'> = {
    ...{ files: shelf.files, refuse: undefined, tells: 'hash', thanks: undefined },
  }
  const server = https.createServer(certificate, async (request, response) => {
    const { method = '', url = '' } = request
    const refusal = receiver.refuse?.(method)
    if (refusal === 'silent') return
    if (refusal) return void response.writeHead(refusal.status, refusal.headers).end()
    const known = shelf.files.get(url)
    if (method === 'HEAD' && known && receiver.tells !== 'hash') {
      return void response.writeHead(200, headOf(known, receiver.tells)).end()
    }
    if (method === 'PUT' && receiver.thanks) neverEnd(response, receiver.thanks)
    await shelf.answer(request, response)
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

function headOf({ size }: StoredFile, tells: 'nothing' | { readonly ageMs: number }) {
  const age = tells === 'nothing' ? undefined : new Date(Date.now() - tells.ageMs)
  return { 'content-length': size, ...(age && { 'last-modified': age.toUTCString() }) }
}

/** Whoever ends it goes on saying this. */
function neverEnd(response: ServerResponse, thanks: () => Buffer): void {
  const thank = () =>
    void (response.destroyed || response.write(thanks(), () => setImmediate(thank)))
  response.end = () => {
    thank()
    return response
  }
}
