import { createDocumentReader, type SideImage } from '@anteroom/document-reader'
import { describeExpected, describeReading } from '@anteroom/infra/specimens/compare.ts'
import { type Specimen, specimens } from '@anteroom/infra/specimens/index.ts'
import sharp from 'sharp'
import { serve } from '../harness/serve.ts'

/** The document reader with one thread, and beside it a decoder alone. */

const reader = createDocumentReader({ threads: 1, today: () => '2026-06-01', minimumAge: 13 })
// As in the thread: what is compared is work, not the number of processors.
sharp.concurrency(1)
sharp.cache(false)

const drawn = new Map<string, Drawn>()

interface Drawn {
  readonly specimen: Specimen
  readonly images: readonly SideImage[]
}

const calls = {
  async draw(names: readonly string[]) {
    for (const specimen of specimens.filter(({ name }) => names.includes(name))) {
      const { front, back } = await specimen.files()
      const first: SideImage = { side: 'front', bytes: front }
      const images = back ? [first, { side: 'back', bytes: back } as const] : [first]
      drawn.set(specimen.name, { specimen, images })
    }
  },
  /** Milliseconds until the document is read, or refused, as it is to be. */
  async read(name: string) {
    const { specimen, images } = drawnAs(name)
    const signal = AbortSignal.timeout(60_000)
    const startedAt = performance.now()
    const reading = await reader.read({ type: specimen.documentType, images, signal })
    const tookMs = performance.now() - startedAt
    const expected = describeExpected(specimen.expected)
    if (describeReading(reading) !== expected) throw new Error(`${name} is not ${expected}`)
    return tookMs
  },
  /** Milliseconds to decode the same files to pixels, and nothing else. */
  async decode(name: string) {
    const { images } = drawnAs(name)
    const startedAt = performance.now()
    for (const { bytes } of images) await sharp(bytes).raw().toBuffer()
    return performance.now() - startedAt
  },
}

export type OurReaderCalls = typeof calls

serve(calls, () => reader.close())

function drawnAs(name: string): Drawn {
  const found = drawn.get(name)
  if (!found) throw new Error(`${name} has not been drawn`)
  return found
}
