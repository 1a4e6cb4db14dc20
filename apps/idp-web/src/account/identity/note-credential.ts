import type { WebDeps } from '../../deps.ts'
import type { Session } from '../../session/session.ts'
import { keepProfile, openProfile } from './profile.ts'

/** Notes beside a profile that was kept in this verification which credential its owner took. Otherwise does nothing. */
export async function noteCredential(
  deps: WebDeps,
  { signIn, detailsId }: Session,
  credentialId: string | undefined,
): Promise<void> {
  if (deps.config.profileKeeping === 'off' || !signIn || credentialId === undefined) return
  const account = await deps.accounts.read(signIn.accountId)
  const kept = account && (await openProfile(deps, account))
  if (!kept || kept.verification !== detailsId || kept.credentialId === credentialId) return
  await keepProfile(deps, account.id, { ...kept, credentialId })
}
