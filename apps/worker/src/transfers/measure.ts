import { createHash } from 'node:crypto'
import { type OpenedSource, release, TransferError } from '@anteroom/vendor-clients'

/** Reads a file to its end, only to know how long it is, for a destination that asks before the first byte. */
export async function measure(
  { bytes, close }: OpenedSource,
  maxBytes: number,
): Promise<{ readonly size: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  let size = 0
  try {
    for await (const chunk of bytes) {
      size += chunk.length
      if (size > maxBytes) throw new TransferError('source-too-large')
      hash.update(chunk)
      release(chunk)
    }
  } finally {
    close()
  }
  return { size, sha256: hash.digest('hex') }
}
