import type { Db } from '@anteroom/job-channel'
import { z } from 'zod'
import { randomId } from '../random-id.ts'
import { type FactorParts, nameSlot, secretSlot } from './factor-parts.ts'
import { stepOfCode } from './totp.ts'

export interface NewApp {
  /** Base64url. */
  readonly secret: string
  /** The step whose code showed that the app has it. */
  readonly step: number
  readonly name: string
}

export interface AuthenticatorApps {
  /** `full` if the account has as many as it may have. */
  add(tx: Db, accountId: string, app: NewApp): Promise<'added' | 'full'>
  /** Whether one of the account's apps shows this code now, and it was not taken before. */
  use(accountId: string, code: string): Promise<boolean>
}

/** Of one account: the one in use, and the one that comes after it. Each makes guessing easier. */
export const maxApps = 2

export function createAuthenticatorApps(parts: FactorParts): AuthenticatorApps {
  const { db, record, now } = parts
  return {
    async add(tx, accountId, { secret, step, name }) {
      const id = randomId()
      const sealed = await Promise.all([
        record.seal(nameSlot(id), name),
        record.seal(secretSlot(id), secret),
      ])
      const { rowCount } = await tx.query(
        `insert into web.account_factors (id, account_id, kind, name, secret, last_step)
         select $1, $2, 'totp', $3, $4, $5
         where (select count(*) from web.account_factors where account_id = $2 and kind = 'totp') < $6`,
        [id, accountId, ...sealed, step, maxApps],
      )
      return rowCount === 1 ? 'added' : 'full'
    },
    async use(accountId, code) {
      const { rows } = await db.query(
        `select id, secret from web.account_factors where account_id = $1 and kind = 'totp'`,
        [accountId],
      )
      for (const { id, secret } of z.array(row).parse(rows)) {
        const step = stepOfCode(await record.open(secretSlot(id), secret), code, now())
        if (step !== undefined && (await take(id, step))) return true
      }
      return false
    },
  }

  async function take(id: string, step: number): Promise<boolean> {
    const { rowCount } = await db.query(
      'update web.account_factors set last_step = $2, last_used_at = now() where id = $1 and last_step < $2',
      [id, step],
    )
    return rowCount === 1
  }
}

const row = z.object({ id: z.string(), secret: z.string() })
