import type { Open } from '@anteroom/job-contracts'
import type { Log, Metrics, Shutdown } from '@anteroom/runtime'
import { createTransferDoor, type OutboundAgent } from '@anteroom/vendor-clients'
import type { WorkerConfig } from '../config.ts'
import { transferPlaces } from '../jobs-at-once.ts'
import { createTransfers } from './create-transfers.ts'
import { readDestinations } from './read-destinations.ts'
import { createShares } from './shares.ts'
import type { Transfers } from './transfers.ts'

interface Around {
  readonly agent: OutboundAgent
  readonly openSecret: Open
  readonly log: Log
  readonly metrics: Metrics
  readonly shutdown: Shutdown
}

/** Undefined where no file of destinations is set: every transfer fails here. */
export function transfersFor(
  config: WorkerConfig,
  { agent, openSecret, shutdown, ...telling }: Around,
): Transfers | undefined {
  const { transferDestinationsFile: file, transferIdleMs: idleMs, awsRegion, s3Endpoint } = config
  if (file === undefined) return undefined
  const isProduction = config.environment === 'production'
  const entries = readDestinations(file, { isProduction })
  const door = createTransferDoor({ agent, idleMs, allowPrivate: config.transferPrivateHosts })
  shutdown.add('transfer-door', door.close)
  const places = transferPlaces(config)
  const shares = createShares({ places, random: Math.random, ...telling })
  return createTransfers({ door, shares, entries, openSecret, awsRegion, s3Endpoint })
}
