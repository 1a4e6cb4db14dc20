import type { Open } from '@anteroom/job-contracts'
import type pg from 'pg'
import { z } from 'zod'

/** That somebody was proofed, when and how: nothing of who they are. */
const proofing = z.object({
  /** Milliseconds since the epoch. */
  at: z.number(),
  ial: z.literal(2),
  checks: z.array(z.object({ check: z.string(), reference: z.string().optional() })),
  documentType: z.string().optional(),
})
export type Proofing = z.output<typeof proofing>

export interface Account {
  readonly id: string
  /** Sealed. */
  readonly address: string
  readonly hasPassword: boolean
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly proofing?: Proofing
  /** What the person chose to have kept of their details, sealed. */
  readonly profile?: string
}

/** The only home of the columns of `web.accounts`. */
export interface Accounts {
  read(id: string): Promise<Account | undefined>
  openAddress(account: Account): Promise<string>
}

interface AccountsParts {
  readonly db: pg.Pool
  readonly openRecord: Open
}

export function createAccounts({ db, openRecord }: AccountsParts): Accounts {
  return {
    async read(id) {
      const { rows } = await db.query(
        `select id, address, password is not null as "hasPassword",
           extract(epoch from created_at)::float8 * 1000 as "createdAt", proofing, profile
         from web.accounts where id = $1`,
        [id],
      )
      return rows[0] && toAccount(rows[0])
    },
    openAddress: ({ id, address }) => openRecord({ name: 'account-email', id }, address),
  }
}

const row = z.object({
  id: z.string(),
  address: z.string(),
  hasPassword: z.boolean(),
  createdAt: z.number(),
  proofing: proofing.nullable(),
  profile: z.string().nullable(),
})

function toAccount(found: unknown): Account {
  const { proofing, profile, ...account } = row.parse(found)
  return { ...account, ...(proofing && { proofing }), ...(profile && { profile }) }
}
