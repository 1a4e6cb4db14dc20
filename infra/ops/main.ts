import { createS3SettingsReader, errorFacts, loadSettings, SettingsError } from '@anteroom/runtime'
import { BadCommandError, type Command } from './command.ts'
import { createDeps, type OpsDeps } from './deps.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { giveOrder } from './give-order.ts'
import { help } from './help.ts'
import { parseCommand } from './parse-command.ts'
import { checkPartners, newPartner } from './partner.ts'
import { opsSettings } from './settings.ts'
import { showAudit, showStatus } from './show.ts'

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
  if (command.name === 'partner check') {
    return checkPartners(command.file, say) ? exitCodes.inEffect : exitCodes.failed
  }
  const config = await loadSettings(opsSettings, {
    env: process.env,
    readS3: createS3SettingsReader(),
  })
  const deps = createDeps(config, { say, note })
  try {
    await deps.db.query('select 1')
    return await run(command, deps)
  } finally {
    await deps.close()
  }
}

/** What needs the database. */
type DatabaseCommand = Extract<Command, { name: 'line status' | 'audit' | 'order' }>

async function run(command: DatabaseCommand, deps: OpsDeps): Promise<ExitCode> {
  switch (command.name) {
    case 'line status':
      await showStatus(deps)
      return exitCodes.inEffect
    case 'audit':
      await showAudit(deps, command.last)
      return exitCodes.inEffect
    case 'order':
      return giveOrder(command, deps)
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
