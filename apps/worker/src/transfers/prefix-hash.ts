import { createHash } from 'node:crypto'
import { TransferError } from '@anteroom/vendor-clients'

/** How an earlier start remembers the beginning of a file: so many bytes had this SHA-256, hex. */
export interface Prefix {
  readonly read: number
  readonly sha256: string
}

export interface PrefixHash {
  /** @throws TransferError when the file does not begin as it did before */
  update(bytes: Uint8Array): void
  /** So far. */
  prefix(): Prefix
  /** Of the whole file. @throws TransferError when it is shorter than before */
  end(): string
}

/**
 * SHA-256 of a file that is read from its beginning. What an earlier start has read must be the same now: nothing else of it is
 * kept, because Node cannot write a hash down half done.
 */
export function createPrefixHash(before: Prefix = { read: 0, sha256: '' }): PrefixHash {
  const hash = createHash('sha256')
  let read = 0

  return {
    update(bytes) {
      const until = before.read - read
      if (until > 0 && bytes.length >= until) {
        hash.update(bytes.subarray(0, until))
        if (hash.copy().digest('hex') !== before.sha256) throw new TransferError('source-changed')
        hash.update(bytes.subarray(until))
      } else {
        hash.update(bytes)
      }
      read += bytes.length
    },
    prefix: () => ({ read, sha256: hash.copy().digest('hex') }),
    end() {
      if (read < before.read) throw new TransferError('source-changed')
      return hash.digest('hex')
    },
  }
}
