import { createS3SettingsReader, errorFacts, loadSettings, SettingsError } from '@anteroom/runtime'
import { act } from './act-on-job.ts'
import { BadCommandError, type Command, type DeadCommand, type JobCommand } from './command.ts'
import { discardDead, listDead, replayDead, showDead } from './dead-letters.ts'
import { createDeps, type OpsDeps } from './deps.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { giveOrder } from './give-order.ts'
import { help } from './help.ts'
import { newOperator } from './operator.ts'
import { parseCommand } from './parse-command.ts'
import { checkPartners, newPartner } from './partner.ts'
import { sealSecret } from './seal-secret.ts'
import { opsSettings } from './settings.ts'
import { showAudit, showStatus } from './show.ts'
import {
  listJobs,
  showDeliveries,
  showHeld,
  showJob,
  showQueues,
  showWorkers,
} from './show-jobs.ts'
import { runTransferCommand } from './transfers.ts'

/** `pnpm ops`: one command of an operator. */

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const note = (line: string): void => void process.stderr.write(`${line}\n`)

process.exitCode = await main().catch(explain)

async function main(): Promise<ExitCode> {
  const command = parseCommand(process.argv.slice(2), process.env)
  if (command.name === 'help') {
    process.stdout.write(help)
    return exitCodes.inEffect
  }
  if (command.name === 'partner new') {
    newPartner(command.partner, say)
    return exitCodes.inEffect
  }
  if (command.name === 'operator new') {
    await newOperator(command.operator, say)
    return exitCodes.inEffect
  }
  if (command.name === 'partner check') {
    return checkPartners(command.file, say) ? exitCodes.inEffect : exitCodes.failed
  }
  const config = await loadSettings(opsSettings, {
    env: process.env,
    readS3: createS3SettingsReader(),
  })
  const deps = createDeps(config, { say, note })
  try {
    if (command.name === 'secret seal') {
      await sealSecret(command, deps, process.stdin)
      return exitCodes.inEffect
    }
    await deps.db.query('select 1')
    return await run(command, deps)
  } finally {
    await deps.close()
  }
}

/** What needs the database. */
type DatabaseCommand =
  | Extract<Command, { name: 'line status' | 'events held' | 'audit' | 'order' | 'transfer' }>
  | DeadCommand
  | JobCommand

async function run(command: DatabaseCommand, deps: OpsDeps): Promise<ExitCode> {
  switch (command.name) {
    case 'line status':
      await showStatus(deps)
      return exitCodes.inEffect
    case 'events held':
      return showHeld(deps)
    case 'audit':
      await showAudit(deps, command.last)
      return exitCodes.inEffect
    case 'order':
      return giveOrder(command, deps)
    case 'transfer':
      return runTransferCommand(command.transfer, deps)
    case 'dead list':
      return listDead(deps, command)
    case 'dead show':
      return showDead(deps, command.jobId)
    case 'dead replay':
      return replayDead(deps, command)
    case 'dead discard':
      return discardDead(deps, command)
    case 'queues':
      return showQueues(deps)
    case 'workers':
      return showWorkers(deps)
    case 'deliveries':
      return showDeliveries(deps)
    case 'jobs':
      return listJobs(deps, command)
    case 'job show':
      return showJob(deps, command.jobId)
    case 'job act':
      return act(deps, command)
  }
}

function explain(error: unknown): ExitCode {
  if (error instanceof BadCommandError) {
    note(error.message)
    note('Nothing was done. `pnpm ops help` lists the commands.')
    return exitCodes.notUnderstood
  }
  if (error instanceof SettingsError) {
    note(error.message)
    return exitCodes.failed
  }
  // Other messages may quote what a server said.
  const { code, where = '' } = errorFacts(error)
  note(`Failed, nothing was done: ${code} ${where}`)
  return exitCodes.failed
}
