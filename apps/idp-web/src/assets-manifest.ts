import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const manifest = z.object({
  styles: z.string(),
  icon: z.string(),
  'backup-codes': z.string(),
  'document-capture': z.string(),
  form: z.string(),
  issued: z.string(),
  line: z.string(),
  'local-time': z.string(),
  passkey: z.string(),
  sent: z.string(),
  'session-warning': z.string(),
  'verify-credential': z.string(),
  'verify-offline': z.string(),
  wait: z.string(),
})

/** Where a browser finds each asset, by its plain name. */
export type AssetUrls = Readonly<z.output<typeof manifest>>

export class AssetsError extends Error {
  readonly code = 'ASSETS_NOT_BUILT'
}

/**
 * Reads the manifest that `pnpm assets` wrote into a folder.
 *
 * @throws {AssetsError} The folder holds no manifest, or one of another version.
 */
export function readAssetUrls(folder: string, prefix = '/assets/'): AssetUrls {
  try {
    const names = manifest.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))
    const urls = Object.entries(names).map(([name, file]) => [name, `${prefix}${file}`])
    return manifest.parse(Object.fromEntries(urls))
  } catch (error) {
    throw new AssetsError('The assets are not built', { cause: error })
  }
}
