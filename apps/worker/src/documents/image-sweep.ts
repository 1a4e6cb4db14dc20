import { inSoleTransaction } from '@anteroom/job-channel'
import type { Log } from '@anteroom/runtime'
import type pg from 'pg'
import type { ImageStore } from './image-store.ts'

export interface ImageSweepDeps {
  readonly pool: pg.Pool
  readonly store: ImageStore
  /** Longer than anybody could still ask for an image. */
  readonly keepSeconds: number
  readonly now: () => number
  readonly random: () => number
  readonly log: Log
}

const sweepEveryMs = 60_000

/** Removes by age what nobody answered for: images of people who left, and of workers that died. One worker at a time. */
export function startImageSweep(deps: ImageSweepDeps): { stop(): void } {
  let timer = setTimeout(sweepAndAgain, nextInMs(deps)).unref()
  let running = true

  function sweepAndAgain(): void {
    void sweepImages(deps, () => running).finally(() => {
      if (running) timer = setTimeout(sweepAndAgain, nextInMs(deps)).unref()
    })
  }

  return {
    stop() {
      running = false
      clearTimeout(timer)
    },
  }
}

/** Goes through the whole bucket, a page at a time. Never rejects. */
export async function sweepImages(deps: ImageSweepDeps, mayGoOn = () => true): Promise<void> {
  const { pool, log } = deps
  try {
    let count = 0
    await inSoleTransaction(pool, 'worker.image-sweep', async () => {
      count = await removeOld(deps, mayGoOn)
    })
    if (count > 0) log.info('images.swept', { count })
  } catch {
    log.warn('images.sweep-failed')
  }
}

async function removeOld(deps: ImageSweepDeps, mayGoOn: () => boolean): Promise<number> {
  const { store, keepSeconds, now } = deps
  let count = 0
  let next: string | undefined
  do {
    const page = await store.page(next)
    const storedBefore = now() - keepSeconds * 1000
    const old = page.images.filter(({ storedAt }) => storedAt < storedBefore)
    await store.remove(old.map(({ key }) => key))
    count += old.length
    next = page.next
  } while (next !== undefined && mayGoOn())
  return count
}

function nextInMs({ random }: ImageSweepDeps): number {
  return sweepEveryMs * (0.8 + random() * 0.4)
}
