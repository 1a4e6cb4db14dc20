import type { Log } from './log.ts'

const methods = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const

/**
 * Libraries write to the console what they please, errors of others and whole objects included. From now on only that
 * they wrote is logged, and how. Call it once, from `main.ts`.
 */
export function quietConsole(console: Pick<Console, (typeof methods)[number]>, log: Log): void {
  for (const method of methods) {
    console[method] = () => log.warn('console.written', { step: method })
  }
}
