import type { Task, TaskList } from 'graphile-worker'

/** From the start of the first job to the end of the last. */
export interface Drained {
  readonly seconds: number
  readonly cpuUs: number
}

/** Counts jobs of a worker from within: their starts and their ends. */
export interface Meter {
  count(tasks: TaskList): TaskList
  /** The next so many jobs; ask before they start. */
  next(count: number): Promise<Drained>
  ended(): number
}

export function createMeter(): Meter {
  let ended = 0
  let open: Stretch | undefined

  const counted =
    (task: Task): Task =>
    async (payload, helpers) => {
      if (open && open.startedAt === undefined) begin(open)
      await task(payload, helpers)
      ended += 1
      if (open && ++open.ended === open.count) {
        open.finish()
        open = undefined
      }
    }

  return {
    count: (tasks) =>
      Object.fromEntries(
        Object.entries(tasks).flatMap(([name, task]) => (task ? [[name, counted(task)]] : [])),
      ),
    next: (count) =>
      new Promise((resolve) => {
        open = { count, ended: 0, startedAt: undefined, cpuUs: 0, finish: () => undefined }
        const stretch = open
        stretch.finish = () => resolve(drainedOf(stretch))
      }),
    ended: () => ended,
  }
}

interface Stretch {
  readonly count: number
  ended: number
  startedAt: number | undefined
  cpuUs: number
  finish: () => void
}

function begin(stretch: Stretch): void {
  stretch.startedAt = performance.now()
  stretch.cpuUs = cpuUs()
}

function drainedOf({ startedAt = 0, cpuUs: before }: Stretch): Drained {
  return { seconds: (performance.now() - startedAt) / 1000, cpuUs: cpuUs() - before }
}

/** User and system time of this process so far. */
export function cpuUs(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
