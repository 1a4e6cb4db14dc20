import type { Documents } from '../../../apps/worker/src/documents/documents.ts'

/** How long documents are with the reader. */
export function createReadingMeter() {
  let totalMs = 0
  return {
    measure(documents: Documents): Documents {
      const { reader } = documents
      const read: Documents['reader']['read'] = async (request) => {
        const startedAt = performance.now()
        try {
          return await reader.read(request)
        } finally {
          totalMs += performance.now() - startedAt
        }
      }
      return { ...documents, reader: { ...reader, read } }
    },
    take(): number {
      const taken = totalMs
      totalMs = 0
      return taken
    },
  }
}
