import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fetchDebianPackage, hasDebianPackages } from '@anteroom/infra/local/debian.ts'
import { cacheDirectory } from './root.ts'

/** Where Prometheus's programs are: on the PATH, or from Debian's package, which is not installed. Undefined where there is neither. */
export async function findPrometheus(): Promise<string | undefined> {
  const onPath = (process.env.PATH ?? '').split(delimiter).find((folder) => {
    try {
      accessSync(join(folder, 'promtool'), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
  if (onPath !== undefined) return onPath
  if (!hasDebianPackages()) return undefined
  const found = await fetchDebianPackage('prometheus', join(cacheDirectory, 'debian-prometheus'))
  return join(found.root, 'usr/bin')
}
