/** What a side can be asked to do; at most one argument, anything that JSON can carry. */
// biome-ignore lint/suspicious/noExplicitAny: each side states its own argument and answer
export type Calls = Record<string, (argument: any) => unknown>

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string }

export interface Usage {
  /** User and system time. */
  readonly cpuUs: number
  readonly peakMemoryMb: number
}

interface Request {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

/** Answers the benchmark's questions until it says stop or is gone. `stop` puts away what the side has opened. */
export function serve(calls: Calls, stop: () => Promise<void> | void = () => undefined): void {
  const all: Calls = { ...calls, usage }
  process.on('message', (request: Request) => void answer(all, request))
  // Ctrl-C reaches every process of the terminal; the benchmark's own then stops the others in order.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => void end(stop))
  process.on('disconnect', () => void end(stop))
  process.send?.({ id: 0, value: 'ready' })
}

async function answer(calls: Calls, { id, name, argument }: Request): Promise<void> {
  try {
    send({ id, value: await calls[name]?.(argument) })
  } catch (error) {
    send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

function send(reply: Reply): void {
  if (process.connected) process.send?.(reply)
}

async function end(stop: () => Promise<void> | void): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, 3_000))
  await Promise.race([Promise.resolve(stop()).catch(() => undefined), late])
  process.exit(0)
}

function usage(): Usage {
  const { user, system } = process.cpuUsage()
  // maxRSS is in kilobytes on every platform (libuv converts it).
  return { cpuUs: user + system, peakMemoryMb: process.resourceUsage().maxRSS / 1024 }
}
