import { type FoundFile, isProven, isSameFile } from '@anteroom/vendor-clients'
import { type Moved, type Moving, movedAs } from './moving.ts'
import type { Committing } from './transfer-steps.ts'

export type Shown = () => Promise<Moved | undefined>

/**
 * How to find out whether the file of an earlier start stands there, which nobody heard of. Of the same size is not enough: what was
 * there before, or was put there by somebody else, may be as long.
 */
export async function beginLooking(moving: Moving, kept: Committing): Promise<Shown> {
  const { destination, payload, call } = moving
  const { path, transferId, conflict } = payload
  const place = { path, filename: kept.filename }
  // Asked before anything else is done there.
  const hasShown = await destination.hasShown?.(place, transferId, call)

  function isOurs(found: FoundFile): boolean {
    if (!isSameFile(found, kept)) return false
    if (isProven(found, kept)) return true
    // Sent again it is the same file; what is not replaced cannot be sent again.
    if (hasShown !== undefined || conflict === 'replace') return hasShown === true
    const { ageMs = Number.POSITIVE_INFINITY } = found
    return ageMs <= moving.now() - (kept.at ?? moving.now()) + clockStepMs
  }

  return async () => {
    const found = await destination.find(place, call)
    return found && isOurs(found) ? movedAs(kept) : undefined
  }
}

/** Servers tell the age of a file between two full seconds. */
const clockStepMs = 2_000
