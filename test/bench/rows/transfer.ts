import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { localDirectory } from '../../support/root.ts'
import { startTransferBed } from '../../support/transfer-bed.ts'
import { receiverHost, sourceHost } from '../../support/transfer-door.ts'
import { longFile } from '../../support/transfer-files.ts'
import { startChild } from '../harness/child.ts'
import { inTurn, type Row } from '../harness/row.ts'
import type { BarePipeCalls } from '../sides/bare-pipe.ts'
import type { OurTransferCalls } from '../sides/our-transfer.ts'

/** One file from one HTTPS server to another. Both sides share the servers, which take their part of the machine. */
export const transfer: Row = {
  name: 'transfer',
  lines: {
    speed: {
      title: 'one file from server to server',
      reference: 'plain pipe without proxy and hash',
      unit: 'MB/s',
      goals: [{ of: 'ratio', at: 'least', value: 0.4 }],
    },
    memory: {
      title: 'peak memory of the process that moves it',
      reference: 'plain pipe without proxy and hash',
      unit: 'MB',
      goals: [{ of: 'figure', at: 'most', value: 150 }],
    },
  },
  async prepare({ size, keep, ...options }) {
    const directory = join(localDirectory, 'bench', randomBytes(6).toString('hex'))
    const bed = await startTransferBed(directory, { keepsBytes: false })
    keep({
      async stop() {
        await bed.stop()
        await rm(directory, { recursive: true, force: true })
      },
    })
    bed.serve(longFile(size.transferBytes))
    const megabytes = size.transferBytes / 1_000_000
    let roundsLeft = size.longRounds
    return {
      async round(oursFirst) {
        if (roundsLeft === 0) return {}
        roundsLeft -= 1
        // Peaks are of processes: each round has its own.
        const ours = keep(await startChild<OurTransferCalls>('our-transfer.ts', options))
        const bare = keep(await startChild<BarePipeCalls>('bare-pipe.ts', options))
        const path = randomBytes(6).toString('hex')
        const names = { from: sourceHost, to: receiverHost }
        const ways = { names, ca: bed.facts.ca, from: bed.sourcePort, to: bed.receiver.port }
        const seconds = await inTurn(
          oursFirst,
          () => ours.call('move', { facts: bed.facts, path }),
          () => bare.call('pipe', { ...ways, path: `/bare/${path}` }),
        )
        const peaks = [await ours.usage(), await bare.usage()]
        await ours.stop()
        await bare.stop()
        return {
          speed: {
            ours: { value: megabytes / seconds.ours },
            reference: { value: megabytes / seconds.reference },
          },
          memory: {
            ours: { value: peaks[0]?.peakMemoryMb ?? 0 },
            reference: { value: peaks[1]?.peakMemoryMb ?? 0 },
          },
        }
      },
    }
  },
}
