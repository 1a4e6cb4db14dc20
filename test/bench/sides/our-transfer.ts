import { moveFile } from '../../../apps/worker/src/transfers/move-file.ts'
import { type DoorFacts, openDoor } from '../../support/transfer-door.ts'
import { order, stepsInMemory } from '../../support/transfer-files.ts'
import { serve } from '../harness/serve.ts'

/** Moves a file as the worker does: through the proxy, counted, hashed, written down as it goes. */

const calls = {
  /** Seconds. */
  async move({ facts, path }: { facts: DoorFacts; path: string }): Promise<number> {
    const { door, destinations } = openDoor(facts)
    const payload = order({ path, maxBytes: 2_000_000_000 })
    if (payload.source.type !== 'url') throw new Error('A URL is moved')
    const startedAt = performance.now()
    await moveFile({
      payload,
      source: door.urlSource(payload.source),
      destination: destinations.https,
      call: { signal: new AbortController().signal, traceparent: '', correlationId: 'bench' },
      steps: stepsInMemory(),
      progress: async () => undefined,
    })
    door.close()
    return (performance.now() - startedAt) / 1000
  },
}

export type OurTransferCalls = typeof calls

serve(calls)
