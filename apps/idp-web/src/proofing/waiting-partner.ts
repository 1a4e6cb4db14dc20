import type { WebDeps } from '../deps.ts'
import { interactionPath } from '../openid/routes.ts'
import type { Session } from '../session/session.ts'

/** The partner that sent somebody here. */
export interface WaitingPartner {
  /** Its request, where a form with `choice` cancels it. */
  readonly href: string
  readonly name?: string | undefined
}

/** Undefined if none did, and once its request has lapsed. */
export async function waitingPartner(
  { openid }: Pick<WebDeps, 'openid'>,
  session: Session | undefined,
): Promise<WaitingPartner | undefined> {
  const interaction = session?.interaction
  if (interaction === undefined) return undefined
  const partner = await openid?.partnerOf(interaction)
  return partner && { name: partner.name, href: interactionPath(interaction) }
}
