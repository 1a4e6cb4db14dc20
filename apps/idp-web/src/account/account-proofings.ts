import type { Db } from '@anteroom/job-channel'
import type { Proofing } from './accounts.ts'

/** With `accounts.ts` the only home of the columns of `web.accounts`. */

export interface Proven {
  readonly proofing: Proofing
  /** Whether the profile that is kept is of the details that this proofing is about. */
  readonly staysProfile: boolean
}

/** That somebody was proofed, and that it was not they. */
export interface AccountProofings {
  /**
   * Somebody else may have been proofed than before, so the profile goes, unless it is to stay. False, and nothing changed, if
   * these answers are known to be of somebody else.
   */
  setProofing(tx: Db, id: string, proven: Proven): Promise<boolean>
  /**
   * The proofing counts no more, and the same answers of the same vendors are never one again. The profile is of whoever was
   * proofed, so it goes.
   */
  doubtProofing(id: string, tx: Db): Promise<void>
}

export const accountProofings: AccountProofings = {
  async setProofing(tx, id, { proofing: found, staysProfile }) {
    const { rowCount } = await tx.query(
      `update web.accounts set proofing = $2, profile = case when $3 then profile end
       where id = $1 and (doubted_proofing -> 'checks' is distinct from $2::jsonb -> 'checks')`,
      [id, JSON.stringify(found), staysProfile],
    )
    return rowCount === 1
  },
  async doubtProofing(id, tx) {
    await tx.query(
      `update web.accounts set doubted_proofing = coalesce(proofing, doubted_proofing), proofing = null, profile = null
       where id = $1`,
      [id],
    )
  },
}
