/** The same bytes in parts of this size; the last may be smaller, and is the only one if there are none. */
export async function* partsOf(
  source: AsyncIterable<Uint8Array>,
  partBytes: number,
): AsyncGenerator<Uint8Array> {
  let part = new Uint8Array(partBytes)
  let filled = 0
  let isFirst = true
  for await (const chunk of source) {
    let rest = chunk
    while (rest.length > 0) {
      const taken = rest.subarray(0, partBytes - filled)
      part.set(taken, filled)
      filled += taken.length
      rest = rest.subarray(taken.length)
      if (filled < partBytes) continue
      yield part
      part = new Uint8Array(partBytes)
      filled = 0
      isFirst = false
    }
  }
  if (filled > 0 || isFirst) yield part.subarray(0, filled)
}
