/** A Markdown table. A pipe in a cell is escaped; an empty cell stays empty. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

export function code(text: string): string {
  return `\`${text}\``
}

/** What stands at the top of a file that is written as a whole. */
export const generatedNotice =
  '<!-- Written by infra/docs/generate.ts. Run `pnpm fix` to renew it. -->'

/**
 * Replaces what stands between `<!-- generated: name -->` and `<!-- end -->`. Throws if a region is marked and unknown,
 * or known and not marked: a table nobody writes would stay as it is for ever.
 */
export function fillRegions(text: string, regions: ReadonlyMap<string, string>): string {
  const filled = new Set<string>()
  const result = text.replace(regionPattern, (_whole, name: string) => {
    const content = regions.get(name)
    if (content === undefined) throw new Error(`Nothing writes the region "${name}"`)
    filled.add(name)
    return `<!-- generated: ${name} -->\n\n${content}\n\n<!-- end -->`
  })
  const missing = [...regions.keys()].filter((name) => !filled.has(name))
  if (missing.length > 0) throw new Error(`No region is marked for ${missing.join(', ')}`)
  return result
}

const regionPattern = /<!-- generated: ([\w-]+) -->[\s\S]*?<!-- end -->/g
