import { type RunOptions, runTransfers } from './transfer-runner.ts'

/** A process with all of a worker's tasks that moves what is due, and prints how many megabytes it held before and at most. */
const options: RunOptions = JSON.parse(process.argv[2] ?? '')
const before = process.memoryUsage().rss
await runTransfers(options)
const peak = process.resourceUsage().maxRSS * 1024
console.log(JSON.stringify({ beforeMb: before / 1e6, peakMb: peak / 1e6 }))
