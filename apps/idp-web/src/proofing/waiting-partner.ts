import type { WebDeps } from '../deps.ts'
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
  const partner = interaction === undefined ? undefined : await openid?.partnerOf(interaction)
  return partner && { name: partner.name, href: `/openid/interaction/${interaction}` }
}
