import type { OpsDeps } from './deps.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { toSecond } from './to-second.ts'
import type { TransferCommand } from './transfer-command.ts'
import { listWebhooks, replayWebhooks } from './transfer-statements.ts'

type WebhookDeps = Pick<OpsDeps, 'db' | 'say'>

const listedAtOnce = 1_000

export async function showWebhooks({ db, say }: WebhookDeps, consumer?: string): Promise<void> {
  const webhooks = await listWebhooks(db, consumer, listedAtOnce)
  for (const it of webhooks) {
    const since = it.ended_at ? `since ${toSecond(it.ended_at)}` : ''
    const next = it.next_round_at ? `next round ${toSecond(it.next_round_at)}` : since
    say(
      `${it.id}  ${it.consumer}  ${it.state}  made ${toSecond(it.made_at)}  round ${it.round}  ${next}`,
    )
  }
  if (webhooks.length === 0) say('Every message has arrived.')
}

export async function replay(
  { actor, which }: Extract<TransferCommand, { readonly name: 'transfer webhook replay' }>,
  { db, say }: WebhookDeps,
): Promise<ExitCode> {
  const wanted = 'messages' in which ? new Set(which.messages).size : 0
  let count = await replayWebhooks(db, actor, which)
  // Of a consumer only so many are taken at once.
  for (let more = count; wanted === 0 && more > 0; count += more) {
    more = await replayWebhooks(db, actor, which)
  }
  const left = Math.max(0, wanted - count)
  say(
    `In effect: ${count} sent again by the web within half a minute, signed anew${left > 0 ? `; ${left} not: none of them is dead` : ''}.`,
  )
  return left > 0 ? exitCodes.failed : exitCodes.inEffect
}
