import type { RegistryEntry } from '@anteroom/vendor-clients'
import type { Vendors } from '../../apps/worker/src/vendors.ts'
import { friendlyVendors } from './worker.ts'

/** A registry that enters everybody once, from today for two years, with what it was asked. */
export interface TestRegistry {
  readonly vendors: Vendors
  /** Idempotency keys of the calls, in the order in which they came. */
  readonly calls: string[]
}

/** @param lies What it says instead. */
export function testRegistry(lies: Partial<RegistryEntry> = {}): TestRegistry {
  const calls: string[] = []
  const entries = new Map<string, RegistryEntry>()
  const client = {
    async enter(_person: object, { idempotencyKey }: { idempotencyKey: string }) {
      calls.push(idempotencyKey)
      const entry = entries.get(idempotencyKey) ?? { ...newEntry(), ...lies }
      entries.set(idempotencyKey, entry)
      return entry
    },
  }
  return { vendors: { ...friendlyVendors, registry: { client, timeoutMs: 1_000 } }, calls }
}

let entered = 0

function newEntry(): RegistryEntry {
  entered += 1
  const number = `K7Q2-${String(entered).padStart(4, '0')}-9930`
  return { number, validFrom: dayFromNow(0), validUntil: dayFromNow(730), reference: 'r-1' }
}

/** `YYYY-MM-DD`, so many days after today. */
export function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)
}
