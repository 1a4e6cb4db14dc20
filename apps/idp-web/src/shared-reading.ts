export interface SharedReading<T> {
  /** What was last read; once that is too old it is read anew, by one for all who ask meanwhile. */
  get(): Promise<T>
  /** Whoever asks next has it read anew. */
  forget(): void
}

export interface Freshness {
  readonly forMs: number
  readonly now: () => number
}

/** Reads what is the same for everybody at most once in that time, however many ask. A failure is not kept. */
export function shareReading<T>(
  read: () => Promise<T>,
  { forMs, now }: Freshness,
): SharedReading<T> {
  let latest: Promise<T> | undefined
  let readAt = 0

  return {
    get() {
      if (latest && now() < readAt + forMs) return latest
      readAt = now()
      const reading = read()
      reading.catch(() => {
        if (latest === reading) latest = undefined
      })
      latest = reading
      return reading
    },
    forget() {
      latest = undefined
    },
  }
}
