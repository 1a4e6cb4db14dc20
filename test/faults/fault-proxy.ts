import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** What happens to bytes on their way, in both directions. */
export type Weather =
  | { readonly kind: 'clear' }
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs: number }
  | { readonly kind: 'drip'; readonly bytesPerSecond: number }
  /** Nothing arrives any more and nothing is closed, as when a cable is pulled. What was sent arrives when it is over. */
  | { readonly kind: 'cut' }
  /** Connections end, and new ones are refused, as when a server is not there. */
  | { readonly kind: 'refuse' }

/** Where bytes are going. */
export type Toward = 'server' | 'client'

/** Sees every piece before it goes on, and may keep it from arriving. */
export type Watch = (piece: Buffer, toward: Toward, connection: number) => 'pass' | 'drop'

export interface FaultProxy {
  readonly port: number
  setWeather(weather: Weather): Promise<void>
  /** Ends every connection with a TCP reset, and says how many there were. */
  reset(): number
  /** Replaces the watch; undefined ends it. */
  watch(watch: Watch | undefined): void
  stop(): Promise<void>
}

/** Stands between a service and one server on this machine, and is the network between them. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const sky = createSky()
  const sockets = new Set<Socket>()
  let connections = 0
  let server = createServer(accept)
  const port = await listen(server, 0)

  function accept(client: Socket): void {
    connections += 1
    const target = connect({ port: targetPort, host: '127.0.0.1', noDelay: true })
    client.setNoDelay()
    for (const socket of [client, target]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      // The other end tells the service; here nothing else is to be done about it.
      socket.on('error', () => undefined)
    }
    join({ from: client, to: target, toward: 'server', connection: connections, sky })
    join({ from: target, to: client, toward: 'client', connection: connections, sky })
  }

  function reset(): number {
    const count = sockets.size / 2
    for (const socket of sockets) socket.resetAndDestroy()
    return count
  }

  async function close(): Promise<void> {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }

  return {
    port,
    reset,
    async setWeather(weather) {
      sky.setWeather(weather)
      if (weather.kind === 'refuse') await close()
      else if (!server.listening) {
        server = createServer(accept)
        await listen(server, port)
      }
    },
    watch(watch) {
      sky.watch = watch
    },
    async stop() {
      sky.setWeather({ kind: 'clear' })
      await close()
    },
  }
}

interface Sky {
  weather: Weather
  watch: Watch | undefined
  setWeather(weather: Weather): void
  /** Resolves when bytes may pass. */
  untilPassable(): Promise<void>
}

function createSky(): Sky {
  let cut = Promise.withResolvers<void>()
  const sky: Sky = {
    weather: { kind: 'clear' },
    watch: undefined,
    setWeather(weather) {
      sky.weather = weather
      cut.resolve()
      if (weather.kind === 'cut') cut = Promise.withResolvers()
    },
    untilPassable: () => (sky.weather.kind === 'cut' ? cut.promise : Promise.resolve()),
  }
  return sky
}

interface Lane {
  readonly from: Socket
  readonly to: Socket
  readonly toward: Toward
  readonly connection: number
  readonly sky: Sky
}

/** Carries one direction, in order. In clear weather nothing waits. */
function join({ from, to, toward, connection, sky }: Lane): void {
  let carried = Promise.resolve()
  let waiting = 0

  const write = (piece: Buffer) => {
    if (to.destroyed || to.write(piece)) return
    from.pause()
    to.once('drain', () => from.resume())
  }
  const carry = async (piece: Buffer, arrivedAt: number) => {
    await sky.untilPassable()
    const { weather } = sky
    if (weather.kind === 'drip') return drip(piece, weather.bytesPerSecond, write)
    if (weather.kind === 'latency') {
      const delayMs = weather.ms + (Math.random() - 0.5) * 2 * weather.jitterMs
      await pause(Math.max(0, arrivedAt + delayMs - performance.now()))
    }
    write(piece)
  }

  from.on('data', (piece) => {
    if (sky.watch?.(piece, toward, connection) === 'drop') return
    if (waiting === 0 && sky.weather.kind === 'clear') return write(piece)
    waiting += 1
    const arrivedAt = performance.now()
    carried = carried
      .then(() => carry(piece, arrivedAt))
      .then(() => {
        waiting -= 1
      })
  })
  from.on('end', () => void carried.then(sky.untilPassable).then(() => to.end()))
  from.on('close', () => void carried.then(sky.untilPassable).then(() => to.destroy()))
}

const dripEveryMs = 20

async function drip(piece: Buffer, bytesPerSecond: number, write: (piece: Buffer) => void) {
  const size = Math.max(1, Math.round((bytesPerSecond * dripEveryMs) / 1000))
  for (let start = 0; start < piece.length; start += size) {
    write(piece.subarray(start, start + size))
    await pause(dripEveryMs)
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen({ port, host: '127.0.0.1', backlog: 1_024 })
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('The proxy has no port')
  return address.port
}
