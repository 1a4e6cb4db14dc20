import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { issueCertificates } from '@anteroom/infra/local/certificates.ts'
import { localDirectory } from './root.ts'

/** What a partner was sent. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What it says to each request; nothing at all if it says `silent`. */
export type Script = (received: Received) => Reply | 'silent' | Promise<Reply | 'silent'>

export interface ScriptedReceiver {
  readonly port: number
  readonly ca: string
  readonly caFile: string
  /** The receiver's address for a partner. */
  url(path: string): string
  readonly received: Received[]
  script: Script
  stop(): Promise<void>
}

const host = 'receiver.localhost'

/** Partners' receivers on one HTTPS server: each path is one partner's. */
export async function startScriptedReceiver(): Promise<ScriptedReceiver> {
  const directory = join(localDirectory, 'test', 'receiver-certificates')
  const { ca, caFile, cert, key } = await issueCertificates(directory, [host, 'localhost'])
  const received: Received[] = []
  const server = createServer({ cert, key }, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const { method = '', url: path = '', headers } = request
      const one = { method, path, headers, body, at: performance.timeOrigin + performance.now() }
      received.push(one)
      const reply = await receiver.script(one)
      if (reply !== 'silent') response.writeHead(reply.status, reply.headers).end(reply.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo

  const receiver: ScriptedReceiver = {
    port,
    ca,
    caFile,
    url: (path) => `https://${host}:${port}/${path}`,
    received,
    script: () => ({ status: 202 }),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return receiver
}

/** As the guard of addresses has to be told of it. */
export const receiverHost = (port: number): string => `${host}:${port}`
