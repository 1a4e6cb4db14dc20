import { once } from 'node:events'
import type { Server } from 'node:http'

export interface ListeningServer {
  readonly port: number
  readonly url: string
  stop(): Promise<void>
}

/** As long as services in production keep idle connections: Node's five seconds end while a slow machine still sends. */
const keepAliveMs = 65_000

/** Binds a server to 127.0.0.1; port 0 means any free one. */
export async function listen(server: Server, port: number): Promise<ListeningServer> {
  server.keepAliveTimeout = keepAliveMs
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const bound = typeof address === 'object' && address ? address.port : port
  return { port: bound, url: `http://127.0.0.1:${bound}`, stop: () => close(server) }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
