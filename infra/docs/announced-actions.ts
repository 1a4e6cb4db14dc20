import { type AnnouncedEvent, announcedActions } from '@anteroom/security-events'
import { code, table } from './markdown.ts'

/** The table of `docs/accounts.md`, by region. */
export function announcedRegions(): ReadonlyMap<string, string> {
  const rows = Object.entries(announcedActions).map(([action, events]) => [
    code(action),
    events.map(eventLabel).join(', '),
  ])
  return new Map([['announced-actions', table(['What happens', 'Events, in this order'], rows)]])
}

function eventLabel({ type, isAboutAddress, profile }: AnnouncedEvent): string {
  const words = [
    ...(isAboutAddress ? ['address'] : []),
    ...(profile ? [`${code(profile)} alone`] : []),
  ]
  return words.length > 0 ? `${code(type)} (${words.join('; ')})` : code(type)
}
