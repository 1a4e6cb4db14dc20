import { type Child, startChild } from '../harness/child.ts'
import { inTurn, type Line, type Row, type Sample } from '../harness/row.ts'
import { median } from '../harness/statistics.ts'
import type { OurReaderCalls } from '../sides/our-reader.ts'

/** No barcode, one that is read at once, one that is looked for in vain; and how many decodings each may cost. */
const mostDecodings = {
  passport: 60,
  'drivers-license': 60,
  'barcode-scratched-with-zone': 120,
} as const

const names = Object.keys(mostDecodings)

const line = (name: string, value: number): Line => ({
  title: `reader per specimen: ${name}`,
  reference: "sharp's full decode",
  unit: 'ms',
  goals: [{ of: 'ratio', at: 'most', value }],
})

/** What reading a document costs one warm thread, and beside it what decoding the same photos costs. */
export const reader: Row = {
  name: 'reader',
  lines: Object.fromEntries(
    Object.entries(mostDecodings).map(([name, most]) => [name, line(name, most)]),
  ),
  async prepare({ size, keep, ...options }) {
    const child = keep(await startChild<OurReaderCalls>('our-reader.ts', options))
    await child.call('draw', names)
    // The first reading starts the thread.
    for (const name of names) await child.call('read', name)
    let roundsLeft = size.longRounds
    return {
      async round(oursFirst) {
        if (roundsLeft === 0) return {}
        roundsLeft -= 1
        const samples: Record<string, Sample> = {}
        for (const name of names) {
          samples[name] = await inTurn(
            oursFirst,
            () => figureOf(child, 'read', { name, times: size.specimensRead }),
            () => figureOf(child, 'decode', { name, times: size.specimensDecoded }),
          )
        }
        return samples
      },
    }
  },
}

async function figureOf(
  child: Child<OurReaderCalls>,
  work: 'read' | 'decode',
  { name, times }: { name: string; times: number },
) {
  const tookMs: number[] = []
  while (tookMs.length < times) tookMs.push(await child.call(work, name))
  return { value: median(tookMs) }
}
