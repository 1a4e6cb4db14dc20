import type { Documents } from './documents.ts'
import type { Read, Reading, Shown } from './reading.ts'
import { toReadDocument } from './to-read-document.ts'

/** Our own reader, in its threads. */
export function readByUs({ reader, metrics }: Documents, signal: AbortSignal): Read {
  return async (shown) => {
    const startedAt = performance.now()
    let outcome = 'failed'
    try {
      const reading = await readIn(reader, shown, signal)
      outcome = reading.state
      return reading
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
  if (!document) return { state: 'refused', problems: [{ side: 'both', reason: 'incomplete' }] }
  return { state: 'read', document, toConfirm: reading.toConfirm }
}
