import type { Open } from '@anteroom/job-contracts'
import type { Shutdown } from '@anteroom/runtime'
import { createTransferDoor, type OutboundAgent } from '@anteroom/vendor-clients'
import type { WorkerConfig } from '../config.ts'
import { createTransfers } from './create-transfers.ts'
import { readDestinations } from './read-destinations.ts'
import type { Transfers } from './transfers.ts'

interface Around {
  readonly agent: OutboundAgent
  readonly openSecret: Open
  readonly shutdown: Shutdown
}

/** Undefined where no file of destinations is set: every transfer fails here. */
export function transfersFor(
  config: WorkerConfig,
  { agent, openSecret, shutdown }: Around,
): Transfers | undefined {
  const { transferDestinationsFile: file, transferIdleMs: idleMs, awsRegion, s3Endpoint } = config
  if (file === undefined) return undefined
  const entries = readDestinations(file)
  const door = createTransferDoor({ agent, idleMs, allowPrivate: config.transferPrivateHosts })
  shutdown.add('transfer-door', door.close)
  return createTransfers({ door, entries, openSecret, awsRegion, s3Endpoint })
}
