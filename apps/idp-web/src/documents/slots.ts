/** Lets so many work at once, each owner once; a few others wait their turn, in order. */
export interface Slots {
  /**
   * Waits for a turn, which ends when what is given back is called. Undefined without one: the line is full, the owner
   * stands in it already, or is gone.
   */
  enter(owner: string, gone: AbortSignal): Promise<(() => void) | undefined>
}

export interface SlotsOptions {
  readonly atOnce: number
  readonly inLine: number
}

interface Waiting {
  readonly owner: string
  readonly begin: (leave: (() => void) | undefined) => void
}

export function createSlots({ atOnce, inLine }: SlotsOptions): Slots {
  const working = new Set<string>()
  const line: Waiting[] = []

  function begin(owner: string): () => void {
    working.add(owner)
    return () => {
      working.delete(owner)
      callNext()
    }
  }

  function callNext(): void {
    const next = line.find(({ owner }) => !working.has(owner))
    if (!next) return
    line.splice(line.indexOf(next), 1)
    next.begin(begin(next.owner))
  }

  return {
    async enter(owner, gone) {
      if (gone.aborted) return undefined
      if (working.size < atOnce && !working.has(owner)) return begin(owner)
      if (line.length >= inLine || line.some((one) => one.owner === owner)) return undefined
      return new Promise((resolve) => {
        const waiting = { owner, begin: resolve }
        line.push(waiting)
        gone.addEventListener('abort', () => {
          const index = line.indexOf(waiting)
          if (index >= 0) line.splice(index, 1)
          resolve(undefined)
        })
      })
    },
  }
}
