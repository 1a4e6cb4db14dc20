import { createHash } from 'node:crypto'
import { errorFacts } from '@anteroom/runtime'
import { VendorError } from '@anteroom/vendor-clients'
import type { Documents } from './documents.ts'
import type { Read, Reading, Shown } from './reading.ts'

export interface Readers {
  readonly own: Read
  /** Undefined where no vendor is set up. */
  readonly vendor: Read | undefined
}

export interface Choice {
  readonly jobId: string
  /** Aborts when nobody waits for an answer any more. */
  readonly signal: AbortSignal
}

/** Has the document read by whom the settings name, and by the other one if that fails and the settings say so. */
export async function readByChoice(
  shown: Shown,
  { own, vendor }: Readers,
  { jobId, signal, documents }: Choice & { documents: Documents },
): Promise<Reading> {
  const { settings, log } = documents
  const vendorFirst = vendor !== undefined && isForVendor(jobId, settings)
  const [first, second] = vendorFirst ? [vendor, own] : [own, vendor]
  const mayFallBack = vendorFirst ? isOutOfReach : () => true
  try {
    return await first(shown)
  } catch (error) {
    if (!settings.fallback || !second || signal.aborted || !mayFallBack(error)) throw error
    log.warn('document.read-by-other', { jobId, code: errorFacts(error).code })
    return second(shown)
  }
}

/**
 * Nothing was said of the document, and nothing in it can have been the cause. Whatever a photo can bring about would let
 * a person choose who reads it.
 */
function isOutOfReach(error: unknown): boolean {
  if (!(error instanceof VendorError)) return false
  return error.code === 'VENDOR_UNAVAILABLE' || error.code === 'PROXY_UNAVAILABLE'
}

/** The same job always goes the same way. */
export function isForVendor(
  jobId: string,
  { reader, vendorPercent }: Pick<Documents['settings'], 'reader' | 'vendorPercent'>,
): boolean {
  if (reader === 'vendor') return true
  return createHash('sha256').update(jobId).digest().readUInt32BE() % 100 < vendorPercent
}
