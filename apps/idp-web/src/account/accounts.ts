import type { Db } from '@anteroom/job-channel'
import type pg from 'pg'
import { z } from 'zod'
import type { Fingerprints, OwnSeal } from '../deps.ts'
import { randomId } from '../random-id.ts'
import { type AccountLocks, createAccountLocks } from './account-locks.ts'
import { type AccountProofings, accountProofings } from './account-proofings.ts'
import { canonicalAddress } from './address.ts'

/** With `account-locks.ts`, `account-proofings.ts` and `records/renew-seals.ts` the only home of the columns of `web.accounts`. */

const proofing = z.object({
  /** Milliseconds since the epoch. */
  at: z.number(),
  checks: z.array(z.object({ check: z.string(), reference: z.string().optional() })),
  documentType: z.string().optional(),
})

/** That, when and how somebody was proofed: no personal data. */
export type Proofing = z.output<typeof proofing>

export interface Account {
  readonly id: string
  /** Sealed; {@link Accounts.openAddress} opens it. */
  readonly address: string
  readonly hasPassword: boolean
  /** Milliseconds since the epoch, like all times here. */
  readonly createdAt: number
  readonly passwordChangedAt?: number
  /** Nobody can sign in since then. */
  readonly suspendedAt?: number
  /** Wrong codes keep everybody from trying more until then, and partners know it. */
  readonly codesLockedUntil?: number
  /** Nobody signs in before a new password was chosen by e-mail. */
  readonly mustRecover?: true
  readonly proofing?: Proofing
  /** What the person chose to have kept of their details, sealed. */
  readonly profile?: string
}

export interface WithPassword {
  readonly account: Account
  /** Argon2id in the PHC string format; null if the account has no password. */
  readonly passwordHash: string | null
}

/** What writes takes a transaction last, where it belongs to one. */
export interface Accounts extends AccountLocks, AccountProofings {
  read(id: string, tx?: Db): Promise<Account | undefined>
  /** Whatever capitals the address is written with. */
  findByAddress(address: string): Promise<Account | undefined>
  readWithPassword(id: string): Promise<WithPassword | undefined>
  findWithPassword(address: string): Promise<WithPassword | undefined>
  /** Undefined if the address has an account. */
  create(given: NewAccount, tx?: Db): Promise<Account | undefined>
  /** Whoever had to recover the account has done so. */
  setPassword(id: string, passwordHash: string, tx?: Db): Promise<void>
  /** Takes the password away, and lets nobody in until there is another. False if it was so already. */
  requireRecovery(id: string, tx: Db): Promise<boolean>
  /** The same password under a hash that costs more, and the address under the newest key; not if either has changed meanwhile. */
  renewHashes(known: WithPassword, renewed: NewAccount): Promise<void>
  /** False, and nothing changed, if the address has an account. */
  setAddress(id: string, address: string, tx?: Db): Promise<boolean>
  /** The address is found under the newest key from now on. */
  renewAddressHash(tx: Db, id: string, address: string): Promise<void>
  /** Whether it is this account's, and stays so until the transaction ends. */
  holdAddress(tx: Db, id: string, address: string): Promise<boolean>
  openAddress(account: Account): Promise<string>
  setProfile(id: string, sealed: string | null, tx?: Db): Promise<void>
  /** With everything that hangs on it. */
  delete(id: string, tx?: Db): Promise<void>
}

export interface NewAccount {
  readonly address: string
  readonly passwordHash: string
}

export interface AccountsDeps extends OwnSeal {
  readonly db: pg.Pool
  readonly fingerprints: Pick<Fingerprints, 'address'>
}

export function createAccounts(deps: AccountsDeps): Accounts {
  const { db } = deps
  const hashesOf = (address: string) => deps.fingerprints.address(canonicalAddress(address))

  return {
    ...createAccountLocks(db),
    ...accountProofings,
    read: async (id, tx = db) => (await readRow(tx, 'id = $1', id))?.account,
    findByAddress: async (address) =>
      (await readRow(db, 'address_hash = any ($1)', hashesOf(address)))?.account,
    readWithPassword: (id) => readRow(db, 'id = $1', id),
    findWithPassword: (address) => readRow(db, 'address_hash = any ($1)', hashesOf(address)),
    create: (given, tx = db) => create(deps, tx, { ...given, hashes: hashesOf(given.address) }),
    async setPassword(id, passwordHash, tx = db) {
      await tx.query(
        `update web.accounts set password = $2, password_changed_at = now(), recover_since = null
         where id = $1`,
        [id, passwordHash],
      )
    },
    async requireRecovery(id, tx) {
      const { rowCount } = await tx.query(
        `update web.accounts set password = null, password_changed_at = now(), recover_since = now()
         where id = $1 and recover_since is null`,
        [id],
      )
      return rowCount === 1
    },
    async renewHashes({ account, passwordHash }, renewed) {
      const [newest] = hashesOf(renewed.address)
      await db.query(
        `update web.accounts set password = $3, address_hash = $4
         where id = $1 and password = $2 and address_hash = any ($5)`,
        [account.id, passwordHash, renewed.passwordHash, newest, hashesOf(renewed.address)],
      )
    },
    setAddress: (id, address, tx = db) =>
      setAddress(deps, tx, { id, address, hashes: hashesOf(address) }),
    async renewAddressHash(tx, id, address) {
      const hashes = hashesOf(address)
      await tx.query(
        'update web.accounts set address_hash = $2 where id = $1 and address_hash = any ($3)',
        [id, hashes[0], hashes],
      )
    },
    async holdAddress(tx, id, address) {
      const { rowCount } = await tx.query(
        'select from web.accounts where id = $1 and address_hash = any ($2) for update',
        [id, hashesOf(address)],
      )
      return rowCount === 1
    },
    openAddress: ({ id, address }) => deps.open(addressSlot(id), address),
    async setProfile(id, sealed, tx = db) {
      await tx.query('update web.accounts set profile = $2 where id = $1', [id, sealed])
    },
    async delete(id, tx = db) {
      await tx.query('delete from web.accounts where id = $1', [id])
    },
  }
}

/** Where the address of an account is sealed for. */
export const addressSlot = (id: string) => ({ name: 'account-email', id })

interface Row {
  readonly id: string
  readonly address: string
  readonly password: string | null
  readonly created_at: Date
  readonly password_changed_at: Date | null
  readonly suspended_at: Date | null
  readonly codes_locked_until: Date | null
  readonly recover_since: Date | null
  readonly proofing: unknown
  readonly profile: string | null
}

const columns =
  'id, address, password, created_at, password_changed_at, suspended_at, codes_locked_until, recover_since, proofing, profile'

async function readRow(
  db: Db,
  condition: 'id = $1' | 'address_hash = any ($1)',
  value: string | readonly string[],
): Promise<WithPassword | undefined> {
  const { rows } = await db.query<Row>(`select ${columns} from web.accounts where ${condition}`, [
    value,
  ])
  return rows[0] && { account: toAccount(rows[0]), passwordHash: rows[0].password }
}

function toAccount(row: Row): Account {
  return {
    id: row.id,
    address: row.address,
    hasPassword: row.password !== null,
    createdAt: row.created_at.getTime(),
    ...(row.password_changed_at && { passwordChangedAt: row.password_changed_at.getTime() }),
    ...(row.suspended_at && { suspendedAt: row.suspended_at.getTime() }),
    ...(row.codes_locked_until && { codesLockedUntil: row.codes_locked_until.getTime() }),
    ...(row.recover_since && { mustRecover: true }),
    ...(row.proofing !== null && { proofing: proofing.parse(row.proofing) }),
    ...(row.profile !== null && { profile: row.profile }),
  }
}

async function create(
  { seal }: AccountsDeps,
  tx: Db,
  { address, passwordHash, hashes }: NewAccount & { readonly hashes: readonly string[] },
): Promise<Account | undefined> {
  const id = randomId()
  const { rows } = await tx.query<Row>(
    `insert into web.accounts (id, address_hash, address, password, password_changed_at)
     select $1, $2, $3, $4, now()
     where not exists (select from web.accounts where address_hash = any ($5))
     on conflict (address_hash) do nothing
     returning ${columns}`,
    [id, hashes[0], await seal(addressSlot(id), address), passwordHash, hashes],
  )
  return rows[0] && toAccount(rows[0])
}

async function setAddress(
  { seal }: AccountsDeps,
  tx: Db,
  { id, address, hashes }: { id: string; address: string; hashes: readonly string[] },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update web.accounts set address_hash = $2, address = $3
     where id = $1 and not exists (
       select from web.accounts as other where other.address_hash = any ($4) and other.id <> $1
     )`,
    [id, hashes[0], await seal(addressSlot(id), address), hashes],
  )
  return rowCount === 1
}
