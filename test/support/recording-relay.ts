import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A stretch of network between a browser and a server that writes down every byte the browser sends. */
export interface RecordingRelay {
  readonly url: string
  /** Everything sent so far, as text. */
  sent(): string
  /** Whoever connects is hung up on. */
  cut(): void
  close(): Promise<void>
}

export async function startRecordingRelay(targetPort: number): Promise<RecordingRelay> {
  const chunks: Buffer[] = []
  const open = new Set<Socket>()
  let isCut = false
  const server = createServer((client) => {
    if (isCut) return client.destroy()
    const target = connect(targetPort, '127.0.0.1')
    for (const socket of [client, target]) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        client.destroy()
        target.destroy()
      })
    }
    client.on('data', (chunk) => chunks.push(chunk))
    client.pipe(target)
    target.pipe(client)
    return undefined
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const hangUp = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    sent: () => Buffer.concat(chunks).toString('latin1'),
    cut() {
      isCut = true
      hangUp()
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      hangUp()
      await closed
    },
  }
}
