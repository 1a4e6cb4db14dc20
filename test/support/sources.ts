import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'

export interface SourceFile {
  /** From the root of the project. */
  readonly path: string
  readonly text: string
}

const foreign = ['node_modules', 'dist', '.local']

/** Every TypeScript file of ours, read once. */
export const sources: readonly SourceFile[] = globSync('{apps,packages,infra,test}/**/*.ts', {
  cwd: root,
  exclude: (name) => foreign.includes(name),
}).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
