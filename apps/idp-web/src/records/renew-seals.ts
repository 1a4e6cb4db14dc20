import { type Db, inSoleTransaction } from '@anteroom/job-channel'
import { addressSlot } from '../account/accounts.ts'
import { profileSlot } from '../account/identity/profile.ts'
import type { WebDeps } from '../deps.ts'
import { nameSlot, secretSlot } from '../factors/factor-parts.ts'
import { ifUnopenable } from '../if-unopenable.ts'
import { emailName, webhookSecretName } from '../transfers/sealed-names.ts'

/**
 * What an account keeps, and what consumers are told by, lies there for years, and keys are to go after hours: whatever older keys sealed is sealed anew
 * by the newest, and an address is found under the newest fingerprint key from then on. Returns how many there were, and
 * how many did not open.
 */
export async function renewSeals(deps: RenewDeps): Promise<Renewed> {
  const renewed = { count: 0, unopenable: 0 }
  for (const kept of keptForYears) {
    let after: string | undefined = ''
    while (after !== undefined) after = await renewPage(deps, { kept, after, renewed })
  }
  return renewed
}

export type RenewDeps = Pick<
  WebDeps,
  'db' | 'sealRecord' | 'openRecord' | 'startOfNewestRecord' | 'accounts'
>

export interface Renewed {
  count: number
  unopenable: number
}

interface Kept {
  readonly table: 'web.accounts' | 'web.account_factors' | 'web.transfer_consumers'
  readonly column: string
  readonly slot: (id: string) => { readonly name: string; readonly id: string }
}

const slotNamed = (name: string) => (id: string) => ({ name, id })

const keptForYears: readonly Kept[] = [
  { table: 'web.accounts', column: 'address', slot: addressSlot },
  { table: 'web.accounts', column: 'profile', slot: profileSlot },
  { table: 'web.account_factors', column: 'name', slot: nameSlot },
  { table: 'web.account_factors', column: 'secret', slot: secretSlot },
  { table: 'web.transfer_consumers', column: 'email', slot: slotNamed(emailName) },
  { table: 'web.transfer_consumers', column: 'webhook_secret', slot: slotNamed(webhookSecretName) },
  {
    table: 'web.transfer_consumers',
    column: 'webhook_secret_before',
    slot: slotNamed(webhookSecretName),
  },
]

/** At once; each takes two calls of KMS. */
const pageSize = 20

interface Page {
  readonly kept: Kept
  /** The id that the page before ended with. */
  readonly after: string
  readonly renewed: Renewed
}

interface Row {
  readonly id: string
  readonly message: string
}

/** Returns the last id of this page; undefined if there is no other, or another process is at it. */
async function renewPage(
  deps: RenewDeps,
  { kept, after, renewed }: Page,
): Promise<string | undefined> {
  let last: string | undefined
  await inSoleTransaction(deps.db, 'web.renew-seals', async (tx) => {
    const { rows } = await tx.query<Row>(
      `select id, ${kept.column} as message from ${kept.table}
       where id > $1 and not starts_with(${kept.column}, $2) order by id limit ${pageSize}`,
      [after, deps.startOfNewestRecord],
    )
    const plain = await Promise.all(rows.map((row) => reopened(deps, kept, row)))
    for (const [index, row] of rows.entries()) {
      const text = plain[index]
      if (text === undefined) renewed.unopenable += 1
      else if (await replace(deps, tx, { kept, row, text })) renewed.count += 1
    }
    last = rows.at(-1)?.id
  })
  return last
}

/** Undefined if no key opens it: it stays as it is, so that a key that was removed too early can be put back. */
function reopened(deps: RenewDeps, { slot }: Kept, row: Row): Promise<string | undefined> {
  return deps.openRecord(slot(row.id), row.message).catch(ifUnopenable)
}

/** False if its owner has changed it meanwhile. */
async function replace(
  deps: RenewDeps,
  tx: Db,
  { kept, row, text }: { readonly kept: Kept; readonly row: Row; readonly text: string },
): Promise<boolean> {
  const sealed = await deps.sealRecord(kept.slot(row.id), text)
  const { rowCount } = await tx.query(
    `update ${kept.table} set ${kept.column} = $3 where id = $1 and ${kept.column} = $2`,
    [row.id, row.message, sealed],
  )
  if (rowCount === 1 && kept.column === 'address')
    await deps.accounts.renewAddressHash(tx, row.id, text)
  return rowCount === 1
}
