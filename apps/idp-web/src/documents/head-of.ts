export interface Headed {
  /** Fewer only if there are no more. */
  readonly head: Uint8Array
  /** All of it, the head as well. To be read once. */
  readonly whole: AsyncIterable<Uint8Array>
}

/** Looks at the first bytes of a stream before the rest is read. */
export async function headOf(
  source: AsyncIterable<Uint8Array>,
  headBytes: number,
): Promise<Headed> {
  const chunks = source[Symbol.asyncIterator]()
  let begun: Uint8Array = new Uint8Array()
  while (begun.length < headBytes) {
    const { done, value } = await chunks.next()
    if (done === true) break
    begun = Buffer.concat([begun, value])
  }
  return { head: begun.subarray(0, headBytes), whole: withRest(begun, chunks) }
}

async function* withRest(
  begun: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (begun.length > 0) yield begun
  yield* { [Symbol.asyncIterator]: () => chunks }
}
