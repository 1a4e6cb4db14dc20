import { once } from 'node:events'
import type { Supervised } from '../harness/supervised.ts'

/** Where the debugger of a life listens; it says so only once. */
const debuggers = new Map<string, Promise<RegExpExecArray>>()

/**
 * Opens the debugger of a process with SIGUSR1 and has it count to nothing for so long: timers, sockets and heartbeats
 * all stand still, while the process lives. Gives the moment at which it was asked to.
 */
export async function blockEventLoop(process: Supervised, forMs: number): Promise<number> {
  const name = process.name()
  const told =
    debuggers.get(name) ?? process.untilSaid(/Debugger listening on (ws:\/\/127\.0\.0\.1:\S+)/)
  debuggers.set(name, told)
  process.signal('SIGUSR1')
  const [, address = ''] = await told
  const debug = new WebSocket(address)
  debug.addEventListener('error', () => undefined)
  await once(debug, 'open')
  const expression = `{ const end = performance.now() + ${forMs}; while (performance.now() < end); }`
  debug.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }))
  const at = Date.now()
  setTimeout(() => debug.close(), forMs + 1_000)
  return at
}
