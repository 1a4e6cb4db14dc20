import { TransferError } from '@anteroom/vendor-clients'

/**
 * A source that is silent is given up; one that sends a byte a minute is not silent, and would have its place for a day. The slowest
 * lines that people put up with bring this much in a few seconds.
 */
const leastBytes = 64 * 1024
const inMs = 300_000

/** The same chunks, as long as they come in at least at that pace. Only the time counts for which somebody waits for them. */
export async function* atLeastPace(
  chunks: AsyncIterable<Uint8Array>,
  elapsedMs: () => number = () => performance.now(),
): AsyncGenerator<Uint8Array> {
  let waitedMs = 0
  let bytes = 0
  let askedAt = elapsedMs()
  for await (const chunk of chunks) {
    waitedMs += elapsedMs() - askedAt
    bytes += chunk.length
    if (waitedMs >= inMs) {
      if (bytes < leastBytes) throw new TransferError('source-unreachable', { cause: 'TOO_SLOW' })
      waitedMs = 0
      bytes = 0
    }
    yield chunk
    askedAt = elapsedMs()
  }
}
