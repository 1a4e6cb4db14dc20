import type { Db } from '@anteroom/job-channel'
import { z } from 'zod'
import { randomId } from '../random-id.ts'
import { type FactorParts, nameSlot } from './factor-parts.ts'

export interface NewPasskey {
  /** What the authenticator calls it, base64url. */
  readonly credentialId: string
  /** COSE, base64url. */
  readonly publicKey: string
  readonly signCount: number
  /** How it can be reached, such as `internal` or `usb`. */
  readonly transports: readonly string[]
  readonly name: string
}

export interface Passkey {
  readonly id: string
  readonly accountId: string
  readonly credentialId: string
  readonly publicKey: string
  readonly transports: readonly string[]
}

export interface Passkeys {
  /** `known` if this or another account has it, `full` if the account has as many as it may have. */
  add(tx: Db, accountId: string, passkey: NewPasskey): Promise<'added' | 'known' | 'full'>
  of(accountId: string): Promise<readonly Passkey[]>
  find(credentialId: string): Promise<Passkey | undefined>
  /** False, and nothing noted, if its count has not gone on: somebody may have copied it. */
  use(id: string, signCount: number): Promise<boolean>
}

/** Of one account. */
export const maxPasskeys = 10

export function createPasskeys({ db, record }: FactorParts): Passkeys {
  return {
    async add(tx, accountId, { credentialId, publicKey, signCount, transports, name }) {
      const id = randomId()
      const sealed = await record.seal(nameSlot(id), name)
      const { rows } = await tx.query<{ added: boolean; has: number }>(
        `with had as (
           select count(*)::integer as has from web.account_factors
           where account_id = $2 and kind = 'passkey'
         ), added as (
           insert into web.account_factors
             (id, account_id, kind, name, credential_id, public_key, sign_count, transports)
           select $1, $2, 'passkey', $3, $4, $5, $6, $7 from had where has < $8
           on conflict (credential_id) do nothing
           returning id
         )
         select has, exists (select from added) as added from had`,
        [id, accountId, sealed, credentialId, publicKey, signCount, transports, maxPasskeys],
      )
      if (rows[0]?.added === true) return 'added'
      return (rows[0]?.has ?? 0) < maxPasskeys ? 'known' : 'full'
    },
    async of(accountId) {
      const { rows } = await db.query(
        `${selection} where account_id = $1 and kind = 'passkey' order by added_at, id`,
        [accountId],
      )
      return rows.map(toPasskey)
    },
    async find(credentialId) {
      const { rows } = await db.query(`${selection} where credential_id = $1`, [credentialId])
      return rows.map(toPasskey)[0]
    },
    async use(id, signCount) {
      const { rowCount } = await db.query(
        `update web.account_factors set sign_count = $2, last_used_at = now()
         where id = $1 and (sign_count < $2 or (sign_count = 0 and $2 = 0))`,
        [id, signCount],
      )
      return rowCount === 1
    },
  }
}

const selection =
  'select id, account_id, credential_id, public_key, transports from web.account_factors'

const row = z.object({
  id: z.string(),
  account_id: z.string(),
  credential_id: z.string(),
  public_key: z.string(),
  transports: z.array(z.string()),
})

function toPasskey(given: unknown): Passkey {
  const { id, account_id, credential_id, public_key, transports } = row.parse(given)
  return {
    id,
    accountId: account_id,
    credentialId: credential_id,
    publicKey: public_key,
    transports,
  }
}
