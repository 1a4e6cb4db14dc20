import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** What a YAML file of an operator's says, without aliases; undefined, which YAML cannot say, if it cannot be read. */
export function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'), { maxAliasCount: 0, stringKeys: true })
  } catch {
    return undefined
  }
}
