import { hash, randomBytes } from 'node:crypto'
import type { Db } from '@anteroom/job-channel'
import type { OpsDeps } from './deps.ts'
import { toSecond } from './to-second.ts'
import type { TransferCommand } from './transfer-command.ts'
import { addKey, listKeys, revokeKey } from './transfer-statements.ts'

interface Making {
  readonly actor: string
  readonly consumer: string
  readonly days: number
}

/** @throws what the database refuses */
export async function makeKey(
  tx: Db,
  { actor, consumer, days }: Making,
  say: OpsDeps['say'],
): Promise<string> {
  const { id, secretHash, text } = newKey()
  const until = await addKey(tx, actor, { consumer, id, secretHash, days })
  say(
    `A key of ${consumer}, good until ${until?.toISOString().slice(0, 16)} UTC. It is shown this once and kept nowhere:`,
  )
  say(text)
  return id
}

export interface NewKey {
  readonly id: string
  readonly secretHash: string
  /** What its consumer shows: known here alone. */
  readonly text: string
}

export function newKey(): NewKey {
  const id = newKeyId()
  const secret = randomBytes(32).toString('base64url')
  return { id, secretHash: hash('sha256', secret, 'base64url'), text: `at_${id}_${secret}` }
}

/** 16 letters and digits: 80 random bits, in the alphabet of RFC 4648 base32. */
function newKeyId(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567'
  return [...randomBytes(16)].map((byte) => letters[byte % letters.length]).join('')
}

/** Makes another key; those before are good for some hours more. */
export async function rotateKeys(
  tx: Db,
  command: Extract<TransferCommand, { readonly name: 'transfer key rotate' }>,
  say: OpsDeps['say'],
): Promise<void> {
  const { actor, consumer, hours } = command
  const before = (await listKeys(tx, consumer)).filter(({ is_good }) => is_good)
  await makeKey(tx, command, say)
  for (const { id } of before) await revokeKey(tx, actor, { key: id, inHours: hours })
  const told = before.map(({ id }) => id).join(', ')
  say(
    told === ''
      ? 'There was no good key before.'
      : `Good for ${hours} more hours at most: ${told}.`,
  )
}

export async function showKeys(
  { db, say }: Pick<OpsDeps, 'db' | 'say'>,
  consumer: string,
): Promise<void> {
  for (const key of await listKeys(db, consumer)) {
    const state = key.is_good ? 'good' : key.revoked_at ? 'revoked' : 'expired'
    const used = key.last_used_at ? `used ${toSecond(key.last_used_at)}` : 'never used'
    say(
      `${key.id}  ${state}  made ${toSecond(key.created_at)}  until ${toSecond(key.expires_at)}  ${used}`,
    )
  }
}
