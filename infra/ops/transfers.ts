import { randomBytes } from 'node:crypto'
import { emailName, webhookSecretName } from '@anteroom/idp-web/transfers'
import { inTransaction } from '@anteroom/job-channel'
import { BadCommandError } from './command.ts'
import type { OpsDeps } from './deps.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import type { ConsumerScopes, Expected, TransferCommand } from './transfer-command.ts'
import { makeKey, rotateKeys, showKeys } from './transfer-keys.ts'
import {
  listConsumers,
  listReceivers,
  readChains,
  revokeKey,
  saveConsumer,
  setConsumerActive,
  setReceiver,
} from './transfer-statements.ts'
import { replay, showWebhooks } from './transfer-webhooks.ts'
import { createChainReader } from './verify-chain.ts'

type TransferDeps = Pick<OpsDeps, 'db' | 'sealRecord' | 'say'>

/** Does one command about the API for transfers. */
export async function runTransferCommand(
  command: TransferCommand,
  deps: TransferDeps,
): Promise<ExitCode> {
  try {
    return await run(command, deps)
  } catch (error) {
    throw translated(error)
  }
}

async function run(command: TransferCommand, deps: TransferDeps): Promise<ExitCode> {
  const { db, say } = deps
  switch (command.name) {
    case 'transfer consumer new':
    case 'transfer consumer change':
      await save(command, deps)
      return exitCodes.inEffect
    case 'transfer consumer enable':
    case 'transfer consumer disable': {
      const active = command.name === 'transfer consumer enable'
      const { actor, consumer } = command
      if (!(await setConsumerActive(db, actor, { consumer, active }))) throw noConsumer()
      say(
        active
          ? 'In effect: it may ask again.'
          : 'In effect: its requests are refused. What it has asked for goes on.',
      )
      return exitCodes.inEffect
    }
    case 'transfer consumer list':
      await showConsumers(deps)
      return exitCodes.inEffect
    case 'transfer key new':
      await inTransaction(db, (tx) => makeKey(tx, command, say))
      return exitCodes.inEffect
    case 'transfer key rotate':
      await inTransaction(db, (tx) => rotateKeys(tx, command, say))
      return exitCodes.inEffect
    case 'transfer key revoke': {
      const { actor, key } = command
      if (!(await revokeKey(db, actor, { key, inHours: 0 }))) {
        throw new BadCommandError('There is no such key that is still good.')
      }
      say('In effect: requests with this key are refused.')
      return exitCodes.inEffect
    }
    case 'transfer key list':
      await showKeys(deps, command.consumer)
      return exitCodes.inEffect
    case 'transfer webhook list':
      await showWebhooks(deps, command.consumer)
      return exitCodes.inEffect
    case 'transfer webhook replay':
      return replay(command, deps)
    case 'transfer audit verify':
      return verify(deps, command.expected)
  }
}

type Saving = Extract<TransferCommand, { readonly scopes: ConsumerScopes }>

async function save(
  { name, actor, consumer: id, scopes, receiver }: Saving,
  deps: TransferDeps,
): Promise<void> {
  const { email, ...readable } = scopes
  const { sealRecord } = deps
  const secret =
    readable.webhookUrl === undefined ? undefined : `whsec_${randomBytes(32).toString('base64')}`
  const consumer = {
    id,
    ...readable,
    ...(email !== undefined && { email: await sealRecord({ name: emailName, id }, email) }),
    ...(secret !== undefined && {
      webhookSecret: await sealRecord({ name: webhookSecretName, id }, secret),
    }),
  }
  await inTransaction(deps.db, async (tx) => {
    await saveConsumer(tx, actor, { consumer, isNew: name === 'transfer consumer new' })
    if (receiver) await setReceiver(tx, actor, { consumer: id, receiver })
  })
  deps.say(
    `In effect: ${id} may ask for transfers within its scopes. \`transfer key new ${id}\` makes a key.`,
  )
  if (secret === undefined) return
  deps.say('What signs its webhooks. It is shown this once; one before it signs too for a day:')
  deps.say(secret)
}

async function showConsumers({ db, say }: TransferDeps): Promise<void> {
  const receivers = await listReceivers(db)
  for (const it of await listConsumers(db)) {
    const sources = [...it.source_hosts, ...it.source_buckets.map((bucket) => `s3:${bucket}`)]
    const webhook = it.webhook_url === null ? '' : `  webhook ${it.webhook_url}`
    const takes = receivers.find(({ consumer }) => consumer === it.id)
    const credentials = takes
      ? `  credentials for “${takes.name}” to ${takes.destination}/${takes.folder}`
      : ''
    say(
      `${it.id}  ${it.active ? 'active' : 'disabled'}  from ${sources.join(',') || 'nowhere'}  to ${it.destinations.join(',')}` +
        `  below /${it.path_prefix}  ${it.max_bytes} bytes  ${it.per_minute} a minute  ${it.max_open} at a time${webhook}${credentials}`,
    )
  }
}

const readAtOnce = 1_000

/** Reads every chain; the heads it prints are to be noted down elsewhere, for the next time. */
async function verify({ db, say }: TransferDeps, expected: readonly Expected[]): Promise<ExitCode> {
  const reader = createChainReader(expected)
  let last = { consumer: '', number: 0 }
  for (;;) {
    const entries = await readChains(db, last, readAtOnce)
    for (const entry of entries) reader.take(entry)
    const end = entries.at(-1)
    if (!end) break
    last = end
  }
  reader.end()
  for (const problem of reader.problems) say(`Broken: ${problem}.`)
  for (const { consumer, number, hash: head } of reader.heads.values())
    say(`${consumer}:${number}:${head}`)
  return reader.problems.length === 0 ? exitCodes.inEffect : exitCodes.failed
}

const noConsumer = () => new BadCommandError('There is no such consumer.')

/** What the database's functions refuse, in words. Their codes stand in their messages: a raised exception has no other place. */
function translated(error: unknown): unknown {
  const code = error instanceof Error ? error.message : ''
  switch (code) {
    case 'OPS_CONSUMER_KNOWN':
      return new BadCommandError('There is a consumer of this name.')
    case 'OPS_CONSUMER_UNKNOWN':
      return noConsumer()
    case 'OPS_RECEIVER_HALF':
      return new BadCommandError('An agency that takes credentials needs --credentials and --name.')
    case 'OPS_RECEIVER_ELSEWHERE':
      return new BadCommandError(
        '--credentials is not one of its destinations, or not below its folder.',
      )
    case 'OPS_TWO_KEYS':
      return new BadCommandError('It has two good keys already: revoke one first.')
    default:
      return error
  }
}
