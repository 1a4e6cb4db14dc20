import type { WebConfig } from '../config.ts'
import { type Destinations, loadDestinations } from './destinations-file.ts'

/** What the API for transfers goes by. */
export interface Transfers {
  readonly destinations: Destinations
  /** Origins that files may come from though they are not public. */
  readonly sandboxOrigins: readonly string[]
  /** Keyed hashes of requests and of their names, the newest key first. */
  readonly fingerprintOf: (text: string) => readonly string[]
}

/** Undefined in a deployment that moves no files. */
export function createTransfers(
  { transferDestinationsFile: file, transferSandboxOrigins: origins }: WebConfig,
  fingerprintOf: Transfers['fingerprintOf'],
): Transfers | undefined {
  if (file === undefined) return undefined
  return {
    destinations: loadDestinations(file),
    sandboxOrigins: origins?.split(',').map((origin) => origin.trim()) ?? [],
    fingerprintOf,
  }
}
