import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'

/** A command that a runbook gives. */
export interface RunbookCommand {
  /** File and line. */
  readonly where: string
  /** As it is marked; only `sql` and `sh` are run. */
  readonly language: string
  readonly text: string
}

const folder = 'docs/runbooks'

/** Every fenced block of a runbook, and every `pnpm ops …` in a line of it. */
export function commandsOfRunbook(file: string): RunbookCommand[] {
  const lines = readFileSync(join(root, folder, file), 'utf8').split('\n')
  const found: RunbookCommand[] = []
  let block: Block | undefined
  for (const [index, line] of lines.entries()) {
    const [, indent = '', language] = /^(\s*)```(.*)$/.exec(line) ?? []
    if (language === undefined) {
      if (block) block.lines.push(line.slice(block.indent))
      else found.push(...inlineCommands(line, `${file}:${index + 1}`))
    } else if (block) {
      const where = `${file}:${block.at}`
      found.push({ where, language: block.language, text: block.lines.join('\n') })
      block = undefined
    } else {
      block = { at: index + 1, indent: indent.length, language, lines: [] }
    }
  }
  if (block) throw new Error(`${file}:${block.at}: a block has no end`)
  return found
}

interface Block {
  readonly at: number
  readonly indent: number
  readonly language: string
  readonly lines: string[]
}

function inlineCommands(line: string, where: string): RunbookCommand[] {
  return [...line.matchAll(/`(pnpm ops [^`]+)`/g)].map(([, text = '']) => ({
    where,
    language: 'sh',
    text,
  }))
}

/** As `psql -v` puts values in. Throws for a name without one. */
export function withValues(sql: string, values: Readonly<Record<string, string>>): string {
  return sql.replace(/:'(\w+)'/g, (_whole, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`There is no value for :'${name}'`)
    return `'${value.replaceAll("'", "''")}'`
  })
}
