import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startMovingWorker } from '../../support/moving-worker.ts'
import { localDirectory, root } from '../../support/root.ts'
import { startTransferBed } from '../../support/transfer-bed.ts'
import { receiverHost, sourceHost } from '../../support/transfer-door.ts'
import { longFile } from '../../support/transfer-files.ts'
import { startChild } from '../harness/child.ts'
import { inTurn, type Row } from '../harness/row.ts'
import type { BarePipeCalls } from '../sides/bare-pipe.ts'

/**
 * One file from one HTTPS server to another: by the worker as the build made it, with its queue, ledger and proxy, and beside it by a
 * plain pipe. Both share the servers, which take their part of the machine.
 */
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
      title: 'peak memory of the whole process that moves it',
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
    const worker = keep(await startMovingWorker(bed, directory))
    await buildWorker()
    bed.serve(longFile(size.transferBytes))
    const megabytes = size.transferBytes / 1_000_000
    let roundsLeft = size.longRounds
    return {
      async round(oursFirst) {
        if (roundsLeft === 0) return {}
        roundsLeft -= 1
        // Peaks are of processes: each round has its own.
        const bare = keep(await startChild<BarePipeCalls>('bare-pipe.ts', options))
        const path = randomBytes(6).toString('hex')
        const names = { from: sourceHost, to: receiverHost }
        const ways = { names, ca: bed.facts.ca, from: bed.sourcePort, to: bed.receiver.port }
        const { ours, reference } = await inTurn(
          oursFirst,
          () => worker.move('https'),
          () => bare.call('pipe', { ...ways, path: `/bare/${path}` }),
        )
        const { peakMemoryMb } = await bare.usage()
        await bare.stop()
        return {
          speed: {
            ours: { value: megabytes / ours.seconds },
            reference: { value: megabytes / reference },
          },
          memory: {
            ours: { value: ours.peakMb },
            reference: { value: peakMemoryMb * 1.048576 },
          },
        }
      },
    }
  },
}

const buildWorker = () =>
  promisify(execFile)(join(root, 'node_modules/.bin/tsup'), { cwd: join(root, 'apps/worker') })
