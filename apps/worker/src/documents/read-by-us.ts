import type { DocumentProblem } from '@anteroom/job-contracts'
import type { Documents } from './documents.ts'
import type { Read, Reading, Shown } from './reading.ts'
import { toReadDocument } from './to-read-document.ts'
import { isTooSlow } from './too-slow.ts'

/** Our own reader, in its threads. */
export function readByUs({ reader, metrics }: Documents, signal: AbortSignal): Read {
  return async (shown) => {
    const startedAt = performance.now()
    let outcome = 'failed'
    try {
      const reading = await readIn(reader, shown, signal)
      outcome = reading.state
      return reading
    } catch (error) {
      if (!isTooSlow(error)) throw error
      return refused({ side: shown.type === 'passport' ? 'front' : 'both', reason: 'damaged' })
    } finally {
      const seconds = (performance.now() - startedAt) / 1000
      metrics.observe('document_reader_duration_seconds', { outcome }, seconds)
    }
  }
}

async function readIn(
  reader: Documents['reader'],
  { type, images }: Shown,
  signal: AbortSignal,
): Promise<Reading> {
  const reading = await reader.read({ type, images, signal })
  if (reading.state === 'refused') return reading
  const { address, ...fields } = reading.document
  const document = toReadDocument({ ...fields, address })
  if (!document) return refused({ side: 'both', reason: 'incomplete' })
  return { state: 'read', document, toConfirm: reading.toConfirm }
}

const refused = (problem: DocumentProblem): Reading => ({ state: 'refused', problems: [problem] })
