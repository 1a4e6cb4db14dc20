import { inSoleTransaction } from '@anteroom/job-channel'
import type { Log } from '@anteroom/runtime'
import type pg from 'pg'
import { repeat } from '../repeat.ts'
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

/**
 * Removes by age what nobody answered for: images of people who left, and of workers that died. One worker at a time.
 * To stop is not to wait for S3: what a sweep leaves, the next one finds.
 */
export function startImageSweep(deps: ImageSweepDeps): { stop(): void } {
  const { random } = deps
  const rounds = repeat((mayGoOn) => sweepImages(deps, mayGoOn), { everyMs: sweepEveryMs, random })
  return { stop: () => void rounds.stop() }
}

/**
 * Goes through the whole bucket, a page at a time, and each page in a transaction of its own, which is soon over. What
 * cannot be removed does not keep the rest: it is tried again with the next sweep. Never rejects.
 */
export async function sweepImages(deps: ImageSweepDeps, mayGoOn = () => true): Promise<void> {
  const { log } = deps
  let [count, failed] = [0, false]
  let at: Place = { page: undefined }
  while (at !== 'end' && mayGoOn()) {
    const swept = await sweepPage(deps, at.page)
    count += swept.count
    failed ||= swept.failed
    at = swept.next
  }
  if (count > 0) log.info('images.swept', { count })
  if (failed) log.warn('images.sweep-failed')
}

type Place = { readonly page: string | undefined } | 'end'

interface Swept {
  readonly count: number
  readonly failed: boolean
  readonly next: Place
}

/** Without the list nobody knows what comes after it; and while another worker sweeps, it may have the rest as well. */
async function sweepPage(deps: ImageSweepDeps, after: string | undefined): Promise<Swept> {
  let swept: Swept = { count: 0, failed: false, next: 'end' }
  try {
    await inSoleTransaction(deps.pool, 'worker.image-sweep', async () => {
      swept = await removeOld(deps, after)
    })
    return swept
  } catch {
    return { ...swept, failed: true }
  }
}

async function removeOld(
  { store, keepSeconds, now }: ImageSweepDeps,
  after: string | undefined,
): Promise<Swept> {
  const { images, next } = await store.page(after)
  const storedBefore = now() - keepSeconds * 1000
  const old = images.filter(({ storedAt }) => storedAt < storedBefore)
  const failed = await store.remove(old.map(({ key }) => key)).then(
    () => false,
    () => true,
  )
  const isLast = next === undefined || next === after
  return { count: failed ? 0 : old.length, failed, next: isLast ? 'end' : { page: next } }
}
