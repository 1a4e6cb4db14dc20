import {
  type AnnouncedAction,
  type AnnouncedEvent,
  announcedActions,
} from '@anteroom/security-events'
import type { CredentialChange, Happening } from './security-events.ts'

/** What is known of one action besides what it is. */
export interface ActionFacts {
  /** Of events that are about an address: the one that is no longer good. */
  readonly email?: string
  readonly credential?: CredentialChange
  readonly identityLevel?: 1 | 2
}

/** What partners are told of this action, in its order. */
export function happeningsOf(
  action: AnnouncedAction,
  { email, ...known }: ActionFacts = {},
): readonly Happening[] {
  const events: readonly AnnouncedEvent[] = announcedActions[action]
  return events.map(({ isAboutAddress, ...event }) => ({
    ...event,
    ...(isAboutAddress ? email !== undefined && { email } : known),
  }))
}
