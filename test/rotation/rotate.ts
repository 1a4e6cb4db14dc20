import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { signingKeyFrom } from '@anteroom/credential'
import { kmsKey, nextKmsKey } from '@anteroom/infra/local/policies.ts'
import type { Settings } from '@anteroom/infra/local/services.ts'
import type { Service } from '@anteroom/infra/local/settings-upload.ts'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import type { FreshKeys } from '@anteroom/infra/rotation/change-keys.ts'
import {
  type Condition,
  type Outside,
  type Rotation,
  type Step,
  sealsByKey,
} from '@anteroom/infra/rotation/rotations.ts'
import pg from 'pg'
import { expect } from 'vitest'
import type { Crowd } from './crowd.ts'
import type { Fleet } from './fleet.ts'

export interface Rotating {
  readonly stack: LocalStack
  readonly fleet: Fleet
  readonly crowd: Crowd
}

/** Takes the first steps of all these rotations at once, then the second ones, and so on. */
export async function rotate(
  around: Rotating,
  rotations: readonly Rotation[],
  tell: (text: string) => void,
): Promise<void> {
  const fresh = freshKeys()
  const rounds = Math.max(...rotations.map(({ steps }) => steps.length))
  for (let round = 0; round < rounds; round += 1) {
    const steps = rotations.flatMap(({ steps }) => steps.slice(round, round + 1))
    await take(around, steps, fresh)
    tell(`step ${round + 1} of ${rounds} is taken`)
  }
}

function freshKeys(): FreshKeys {
  const signing = signingKeyFrom(randomBytes(32))
  if (!signing) throw new Error('Of random bytes one in 2^32 is no key')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    id: '2',
    key: randomBytes(32).toString('base64url'),
    kmsKeyId: nextKmsKey.id,
    signing,
    rsa: privateKey.export({ format: 'jwk' }),
  }
}

async function take(around: Rotating, steps: readonly Step[], fresh: FreshKeys): Promise<void> {
  const { fleet, stack, crowd } = around
  await crowd.untilGone()
  for (const condition of new Set(steps.flatMap(({ when }) => when ?? []))) {
    await until(condition, around, fresh)
  }
  for (const { outside } of steps) if (outside) change(stack, outside, fresh)
  const changed: Partial<Record<Service, Settings>> = {}
  for (const { changes = {} } of steps) {
    for (const service of ['web', 'worker', 'ops'] as const) {
      const apply = changes[service]
      if (apply) changed[service] = apply(changed[service] ?? fleet.settingsOf(service), fresh)
    }
  }
  await fleet.roll(changed)
}

/** Visits are over already: between two steps everybody leaves, and others come. */
async function until(condition: Condition, { stack }: Rotating, fresh: FreshKeys): Promise<void> {
  if (condition === 'visits-over') return
  const isOld =
    condition === 'one-kms-key'
      ? ({ kms_key }: KeyInUse) => kms_key !== fresh.kmsKeyId
      : ({ session_encryption_key }: KeyInUse) => session_encryption_key !== fresh.id
  await expect
    .poll(async () => (await keysInUse(stack)).filter(isOld), { timeout: 60_000 })
    .toEqual([])
}

export interface KeyInUse {
  readonly place: string
  readonly session_encryption_key: string
  readonly kms_key: string
}

export async function keysInUse(stack: LocalStack): Promise<readonly KeyInUse[]> {
  const client = new pg.Client({ connectionString: stack.adminUrl })
  await client.connect()
  const { rows } = await client.query<KeyInUse>(sealsByKey)
  await client.end()
  return rows
}

function change({ kms, vendors, proxy, secrets }: LocalStack, what: Outside, { key }: FreshKeys) {
  switch (what) {
    case 'kms-key-disabled':
      return kms.setKeyEnabled(kmsKey.id, false)
    case 'vendors-take-both':
      return vendors.setTokens([secrets.vendorToken, key])
    case 'vendors-take-new':
      return vendors.setTokens([key])
    case 'proxy-takes-both':
      return proxy.setPasswords([secrets.proxy, key])
    case 'proxy-takes-new':
      return proxy.setPasswords([key])
  }
}
