import { join, resolve } from 'node:path'

/** The checkout. */
export const root = join(import.meta.dirname, '../..')

/** What a checkout makes and does not keep: `pnpm reset` removes it. */
export const localDirectory = join(root, '.local')

/** Programs that were fetched; shared by every stack of the checkout. */
export const cacheDirectory = join(localDirectory, 'cache')

/** Data and secrets of `pnpm dev`: in `.local`, or where `LOCAL_DIRECTORY` says. */
export function dataDirectory({ LOCAL_DIRECTORY }: NodeJS.ProcessEnv): string {
  return LOCAL_DIRECTORY ? resolve(LOCAL_DIRECTORY) : localDirectory
}
