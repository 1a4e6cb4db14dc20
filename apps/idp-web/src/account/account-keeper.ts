import { inSoleTransaction } from '@anteroom/job-channel'
import { errorFacts, type Shutdown } from '@anteroom/runtime'
import type { WebDeps } from '../deps.ts'
import { carryOutOrders } from './account-orders.ts'
import { tellOfRecoveries } from './recoveries-asked.ts'

/**
 * What is to be done with accounts that no request does. One process at a time, so that orders are carried out in their
 * order; each part goes on whatever becomes of the other.
 */
export async function accountTurn(deps: WebDeps): Promise<void> {
  const complain = (error: unknown) => deps.log.warn('account-keeper.failed', errorFacts(error))
  await inSoleTransaction(deps.db, 'web.account-keeper', async () => {
    await carryOutOrders(deps).catch(complain)
    await tellOfRecoveries(deps).catch(complain)
  }).catch(complain)
}

const turnEveryMs = 1_000

/** Keeps at it for as long as the process runs. */
export function startAccountKeeper(deps: WebDeps, shutdown: Shutdown): void {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let turn = Promise.resolve()

  function next(): void {
    turn = accountTurn(deps).then(() => {
      if (!isStopped) timer = setTimeout(next, turnEveryMs).unref()
    })
  }

  next()
  shutdown.add('account-keeper', async () => {
    isStopped = true
    clearTimeout(timer)
    await turn
  })
}
