import { join } from 'node:path'
import { type BuildOptions, type Image, tagOf } from './builder.ts'

/** What every builder is told to build one of our images. */
export function buildArguments(image: Image, { root, base, caFile }: BuildOptions): string[] {
  const file = ['--file', join(root, 'infra/images/Dockerfile'), '--target', image]
  const secret = caFile === undefined ? [] : ['--secret', `id=ca,src=${caFile}`]
  const from = base === undefined ? [] : ['--build-arg', `BASE=${base}`]
  return [...file, ...from, ...secret, '--tag', tagOf(image), root]
}
