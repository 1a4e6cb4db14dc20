import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A name that leads to a server, and later to another one, as the address of a database does that fails over. */
export interface Forwarder {
  readonly port: number
  /** Ends what is open; whoever connects from now on reaches the other one. */
  leadTo(port: number): void
  stop(): Promise<void>
}

export async function startForwarder(first: number): Promise<Forwarder> {
  const open = new Set<Socket>()
  let target = first
  const server = createServer((client) => {
    const onward = connect(target, '127.0.0.1')
    for (const [one, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      open.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const endAll = () => {
    for (const socket of open) socket.destroy()
  }

  return {
    port: typeof address === 'object' && address ? address.port : 0,
    leadTo(port) {
      target = port
      endAll()
    },
    async stop() {
      server.close()
      endAll()
      await once(server, 'close')
    },
  }
}
