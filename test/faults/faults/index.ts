import { clockSkew, kms, none, proxyDown, vendors } from './around.ts'
import type { Fault } from './fault.ts'
import { cut, drip, latency, partition, reset } from './network.ts'
import { block, deploy, kill, killAll, stop, webKill } from './processes.ts'
import { killAtStep } from './steps.ts'
import {
  postgresDown,
  postgresFast,
  postgresImmediate,
  redisFlush,
  redisRestart,
  s3Outage,
} from './stores.ts'

/** Everything that is tried, in the order of the table. */
export const faults: readonly Fault[] = [
  none,
  kill,
  killAtStep,
  killAll,
  stop,
  block,
  deploy,
  webKill,
  postgresFast,
  postgresImmediate,
  postgresDown,
  redisFlush,
  redisRestart,
  s3Outage,
  kms,
  proxyDown,
  vendors,
  latency,
  drip,
  cut,
  reset,
  partition,
  clockSkew,
]
