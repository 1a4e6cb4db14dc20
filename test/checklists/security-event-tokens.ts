import { events, notClaimed } from './event-types.ts'
import { push, securityEventToken, subjects } from './pushed-tokens.ts'
import type { Row } from './row.ts'
import { framework } from './shared-signals.ts'

/** What the standards ask of who pushes Security Event Tokens, row by row, in our own words. */
export const checklist: readonly Row[] = [
  ...securityEventToken,
  ...push,
  ...subjects,
  ...framework,
  ...events,
  ...notClaimed,
]
