import type { WebDeps } from '../deps.ts'

/** A page of ours, as an e-mail links to it. */
export function urlOf({ config }: Pick<WebDeps, 'config'>, path: string): string {
  return new URL(path, config.publicUrl).href
}
