import type { Texts } from '../../texts/index.ts'

interface Client {
  readonly browser?: string | undefined
  readonly system?: string | undefined
}

/** `Firefox on Android`, or as much of it as is known. */
export function clientLabel({ account }: Texts, { browser, system }: Client): string {
  if (browser !== undefined && system !== undefined) return account.sessions.named(browser, system)
  return browser ?? system ?? account.sessions.unknown
}
