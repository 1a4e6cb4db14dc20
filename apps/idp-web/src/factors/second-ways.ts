import type { WebDeps } from '../deps.ts'
import { type FactorKind, factorKinds } from './factors.ts'
import { canUsePasskeys } from './passkey-ceremony.ts'

/** Where each kind is asked for after the password. */
export const pageOfWay = {
  passkey: '/sign-in/passkey',
  totp: '/sign-in/factor/code',
  'backup-codes': '/sign-in/factor/backup-code',
} as const satisfies Record<FactorKind, string>

/** What this account can show after its password, the easiest first. */
export async function secondWays(
  { factors, config }: Pick<WebDeps, 'factors' | 'config'>,
  accountId: string,
): Promise<readonly FactorKind[]> {
  const has = new Set((await factors.of(accountId)).map(({ kind }) => kind))
  return factorKinds.filter(
    (kind) => has.has(kind) && (kind !== 'passkey' || canUsePasskeys(config)),
  )
}
