import { createKeyring, createLocalKeyProvider, createSealer, type Purpose } from '@anteroom/crypto'

/** Keys that never change, for what must open for ever. They protect nothing. */
const fixed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

/** A sealer whose messages any later version must still open. */
export const fixedSealer = createSealer({
  provider: createLocalKeyProvider({
    keys: {
      payload: fixed(1),
      result: fixed(2),
      step: fixed(3),
      session: fixed(4),
      record: fixed(5),
      credential: fixed(6),
      settings: fixed(7),
    },
  }),
  keyring: createKeyring([{ id: 'golden', key: fixed(9) }]),
  environment: 'golden',
})

export async function openFixed(
  purpose: Purpose,
  slot: { name: string; id: string },
  message: string,
): Promise<string> {
  return Buffer.from(await fixedSealer.open({ purpose, ...slot }, message)).toString('utf8')
}
