import { createHmac, timingSafeEqual } from 'node:crypto'
import type { WebConfig } from '../config.ts'

/** A ticket, and the slot of the session that holds it. */
export interface Holding {
  readonly slot: string
  readonly ticketId: string
}

type Keys = Pick<WebConfig, 'cookieKeys'>

/**
 * What a cookie holds that shows whose a ticket is. It names neither the ticket nor the session, but fits only the two
 * together: whoever has got hold of one is still a stranger to the credential. It is given to whoever joins, and to a
 * session that takes up a place after a loss of Redis by the device cookie. Made with the newest key.
 */
export function ownerProof({ cookieKeys }: Keys, holding: Holding): string {
  const [newest] = cookieKeys
  if (!newest) throw new Error('There is no cookie key')
  return proofUnder(newest.key, holding)
}

/** Under any of the keys. Takes as long whichever character is wrong and whichever key fits. */
export function isOwnerProof({ cookieKeys }: Keys, holding: Holding, given = ''): boolean {
  const shown = Buffer.from(given)
  const fits = cookieKeys.map(({ key }) => {
    const wanted = Buffer.from(proofUnder(key, holding))
    return shown.length === wanted.length && timingSafeEqual(shown, wanted)
  })
  return fits.includes(true)
}

// Both ids are base64url of one length: no line break can be part of them.
function proofUnder(key: Uint8Array, { slot, ticketId }: Holding): string {
  return createHmac('sha256', key)
    .update(`anteroom credential\n${slot}\n${ticketId}`)
    .digest('base64url')
}
