import { startChild } from '../harness/child.ts'
import type { Drained } from '../harness/meter.ts'
import { inTurn, type Line, type Row } from '../harness/row.ts'
import type { BareEnqueuerCalls } from '../sides/bare-enqueuer.ts'
import type { OurWebCalls } from '../sides/our-web.ts'
import { measure } from './pipeline.ts'

const line = (title: string, reference: string): Line => ({ title, reference, unit: 'jobs/s' })

/** Submits a second that are safe in the database when they are answered. */
export const enqueue: Row<'alone' | 'together' | 'limitedAlone' | 'limitedTogether'> = {
  name: 'enqueue',
  lines: {
    alone: {
      ...line('durable enqueue, 1 in flight', 'bare addJob'),
      goals: [{ of: 'ratio', at: 'least', value: 0.95 }],
    },
    together: {
      ...line('durable enqueue, 24 in flight', 'bare addJob'),
      goals: [{ of: 'ratio', at: 'least', value: 10 }],
    },
    limitedAlone: line('with attempt and limits, 1 in flight', 'bare addJob'),
    limitedTogether: line('with attempt and limits, 24 in flight', 'bare addJob'),
  },
  async prepare({ bed, size, keep, ...options }) {
    const env = { BENCH_DATABASE_URL: bed.bareUrl }
    const bare = keep(await startChild<BareEnqueuerCalls>('bare-enqueuer.ts', { ...options, env }))
    const web = keep(
      await startChild<OurWebCalls>('our-web.ts', { ...options, env: bed.environments.web }),
    )
    /** What a sealed job weighs. */
    const payload = { sealed: 'x'.repeat(1_700) }

    const from = async (count: number, work: () => Promise<Drained>) => {
      await bed.clear()
      return measure(bed, count, work)
    }
    const add = (inFlight: number, count: number) =>
      from(count, () => bare.call('add', { payload, inFlight, count }))
    const ours = (name: 'enqueue' | 'submit', inFlight: number, count: number) =>
      from(count, () => web.call(name, { inFlight, count }))

    const { enqueuedAlone, enqueuedTogether } = size
    const many = enqueuedTogether * 10
    await add(24, enqueuedAlone)
    await ours('enqueue', 24, enqueuedTogether)
    await ours('submit', 24, enqueuedTogether)
    return {
      async round(oursFirst) {
        const alone = await inTurn(
          oursFirst,
          () => ours('enqueue', 1, enqueuedAlone),
          () => add(1, enqueuedAlone),
        )
        const together = await inTurn(
          oursFirst,
          () => ours('enqueue', 24, many),
          () => add(24, enqueuedTogether),
        )
        const limitedAlone = await ours('submit', 1, enqueuedAlone)
        const limitedTogether = await ours('submit', 24, enqueuedTogether)
        return {
          alone,
          together,
          limitedAlone: { ours: limitedAlone, reference: alone.reference },
          limitedTogether: { ours: limitedTogether, reference: together.reference },
        }
      },
    }
  },
}
