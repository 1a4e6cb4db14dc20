import type { Sealer } from './sealer.ts'
import type { Purpose, Slot } from './slot.ts'

/** Where a text lives within one purpose. */
export type TextSlot = Omit<Slot, 'purpose'>

/** Seals texts for one purpose. Whoever is handed this can do nothing else with the keys. */
export function sealTextFor(sealer: Sealer, purpose: Purpose) {
  return (slot: TextSlot, plaintext: string): Promise<string> =>
    sealer.seal({ ...slot, purpose }, plaintext)
}

/** Opens texts of one purpose. */
export function openTextFor(sealer: Sealer, purpose: Purpose) {
  return async (slot: TextSlot, message: string): Promise<string> =>
    Buffer.from(await sealer.open({ ...slot, purpose }, message)).toString('utf8')
}
