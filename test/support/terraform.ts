import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from './root.ts'

// Required and not imported: its types would bring those of browsers with them.
const { parse } = createRequire(import.meta.url)('@cdktn/hcl2json') as {
  parse(name: string, text: string): Promise<ParsedFile>
}

export const terraformFolder = join(root, 'infra/terraform')

/** A block's arguments, with expressions as they are written, in `${…}`. */
export type Block = Readonly<Record<string, unknown>>

type Blocks = Readonly<Record<string, Readonly<Record<string, readonly Block[]>>>>

/** A file, as far as it is looked at. */
interface ParsedFile {
  readonly resource?: Blocks
  readonly data?: Blocks
  readonly variable?: Readonly<Record<string, readonly Block[]>>
  readonly locals?: readonly Block[]
}

/** What stands in `infra/terraform`, parsed. */
export interface Terraform {
  readonly text: string
  /** Every block of a type, by its name. */
  resources(type: string): Readonly<Record<string, Block>>
  resource(type: string, name: string): Block
  data(type: string, name: string): Block
  variable(name: string): Block
  /** `type.name` of all resources and data sources, the latter with `data.` before it. */
  readonly addresses: readonly string[]
  readonly variables: readonly string[]
  readonly locals: readonly string[]
  local(name: string): unknown
}

export async function readTerraform(): Promise<Terraform> {
  const files = globSync('*.tf', { cwd: terraformFolder }).sort()
  const texts = files.map((file) => readFileSync(join(terraformFolder, file), 'utf8'))
  const parsed = await Promise.all(texts.map((text, index) => parse(files[index] ?? '', text)))

  const resources = merged(parsed.map(({ resource }) => resource))
  const data = merged(parsed.map((file) => file.data))
  const variables = Object.assign({}, ...parsed.map(({ variable }) => variable))
  const locals = Object.assign({}, ...parsed.flatMap((file) => file.locals ?? []))
  const resourcesOf = (type: string) => named(resources[type])
  return {
    text: texts.join('\n'),
    resources: resourcesOf,
    resource: (type, name) => found(resourcesOf(type)[name], `${type}.${name}`),
    data: (type, name) => found(named(data[type])[name], `data.${type}.${name}`),
    variable: (name) => found(variables[name]?.[0], `var.${name}`),
    addresses: [...addressesIn(resources, ''), ...addressesIn(data, 'data.')],
    variables: Object.keys(variables),
    locals: Object.keys(locals),
    local: (name) => found(locals[name], `local.${name}`),
  }
}

/** The blocks of one name inside another, as `condition` in a statement. */
export function inside(block: Block, name: string): readonly Block[] {
  const blocks = block[name]
  return Array.isArray(blocks) ? blocks : []
}

function merged(files: readonly (Blocks | undefined)[]): Blocks {
  const all: Record<string, Record<string, readonly Block[]>> = {}
  for (const file of files) {
    for (const [type, blocks] of Object.entries(file ?? {})) all[type] = { ...all[type], ...blocks }
  }
  return all
}

function named(blocks: Blocks[string] = {}): Record<string, Block> {
  return Object.fromEntries(Object.entries(blocks).map(([name, [block = {}]]) => [name, block]))
}

function addressesIn(blocks: Blocks, before: string): string[] {
  return Object.entries(blocks).flatMap(([type, byName]) =>
    Object.keys(byName).map((name) => `${before}${type}.${name}`),
  )
}

function found<T>(value: T | undefined, address: string): T {
  if (value === undefined) throw new Error(`There is no ${address}`)
  return value
}
