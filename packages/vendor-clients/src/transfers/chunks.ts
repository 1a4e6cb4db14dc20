import { Readable } from 'node:stream'

/**
 * The chunks of a stream one by one, as they came: whoever is done with one may give its memory back ({@link release}). A stream's
 * own iterator puts together what has come meanwhile, which is a copy, and leaves the originals to the garbage collector. The stream may
 * not be silent for longer than `idleMs` while somebody waits for it, and is destroyed when nobody does any more.
 */
export async function* chunksOf(stream: Readable, idleMs: number): AsyncGenerator<Uint8Array> {
  let chunk: Uint8Array | undefined
  let hasEnded = false
  let wake: (() => void) | undefined
  const timer = setTimeout(() => wake && stream.destroy(new Error('idle')), idleMs)
  stream.pause()
  stream.on('data', (came: Uint8Array) => {
    stream.pause()
    chunk = came
    wake?.()
  })
  stream.on('end', () => {
    hasEnded = true
    wake?.()
  })
  stream.on('error', () => wake?.()).on('close', () => wake?.())
  try {
    for (;;) {
      timer.refresh()
      stream.resume()
      while (!chunk && !hasEnded && !stream.destroyed) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      wake = undefined
      if (!chunk && hasEnded) return
      if (!chunk) throw stream.errored ?? premature()
      const came = chunk
      chunk = undefined
      yield came
    }
  } finally {
    clearTimeout(timer)
    stream.destroy()
  }
}

/**
 * Gives the memory of a chunk back at once, if nothing else lies in it: nobody may look at it any more. The garbage collector lets
 * 64 MB of such chunks come together before it looks.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0)
}

const premature = () => Object.assign(new Error('closed'), { code: 'ERR_STREAM_PREMATURE_CLOSE' })

const sliceBytes = 64 * 1024

/** A long body slice by slice: sent at once it would lie in memory a second time, encrypted. */
export function inSlices(bytes: Uint8Array): Readable {
  return Readable.from(slicesOf(bytes), { objectMode: false, highWaterMark: sliceBytes })
}

function* slicesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += sliceBytes) {
    yield bytes.subarray(from, from + sliceBytes)
  }
}
