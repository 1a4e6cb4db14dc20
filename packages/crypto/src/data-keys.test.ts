import { expect, test } from 'vitest'
import { localProvider, sealerWith, slot } from '../test-data/sealers.ts'
import type { KeyProvider } from './key-provider.ts'

test('ten thousand messages share no data key, no wrapped key and no initialisation vector', async () => {
  const dataKeys = new Set<string>()
  const recording: KeyProvider = {
    ...localProvider,
    generate: async (context) => {
      const dataKey = await localProvider.generate(context)
      dataKeys.add(Buffer.from(dataKey.plaintext).toString('hex'))
      return dataKey
    },
  }
  const sealer = sealerWith(recording)
  const wrappedKeys = new Set<unknown>()
  const vectors = new Set<unknown>()

  for (let count = 0; count < 10_000; count++) {
    const message = await sealer.seal(slot, 'x')
    wrappedKeys.add(headerOf(message).edk)
    vectors.add(message.split('.')[2])
  }

  expect([dataKeys.size, wrappedKeys.size, vectors.size]).toEqual([10_000, 10_000, 10_000])
})

test('data keys are wiped as soon as the message is sealed or open', async () => {
  const handedOut: Uint8Array[] = []
  const remembering: KeyProvider = {
    generate: async (context) => {
      const dataKey = await localProvider.generate(context)
      handedOut.push(dataKey.plaintext)
      return dataKey
    },
    unwrap: async (...wrapped) => {
      const dataKey = await localProvider.unwrap(...wrapped)
      handedOut.push(dataKey)
      return dataKey
    },
  }
  const sealer = sealerWith(remembering)

  await sealer.open(slot, await sealer.seal(slot, 'x'))

  expect(handedOut.map((key) => key.every((byte) => byte === 0))).toEqual([true, true])
})

function headerOf(message: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(message.split('.')[0] ?? '', 'base64url').toString())
}
