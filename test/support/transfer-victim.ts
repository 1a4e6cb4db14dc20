import { type RunOptions, runTransfers } from './transfer-runner.ts'

/** A process that moves files until its own n-th step, and then is no more. Writes nothing, says nothing. */
const { killAt, ...options }: RunOptions & { killAt: number } = JSON.parse(process.argv[2] ?? '')
let count = 0
await runTransfers({
  ...options,
  tick() {
    count += 1
    if (count === killAt) process.kill(process.pid, 'SIGKILL')
  },
})
// Connections that are only kept are nothing to wait for.
process.exit(0)
