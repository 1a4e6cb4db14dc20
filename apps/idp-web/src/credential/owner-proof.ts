import { createHmac, timingSafeEqual } from 'node:crypto'
import type { WebConfig } from '../config.ts'

/** A ticket, and the device whose session holds it. Both outlive a loss of the session. */
export interface Holding {
  /** The value of the device cookie: 256 random bits, base64url. */
  readonly device: string
  readonly ticketId: string
}

type Keys = Pick<WebConfig, 'cookieKeys'>

/**
 * What a cookie holds that shows whose a ticket is. It names neither the ticket nor the device, but fits only the two
 * together: whoever has got hold of one is still a stranger to the credential. It is given to whoever joins, goes with the
 * browser's session or with the end of the visit, and is asked for beside the session's cookie, or beside the device's
 * after a loss of Redis. Made with the newest key.
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
function proofUnder(key: Uint8Array, { device, ticketId }: Holding): string {
  return createHmac('sha256', key)
    .update(`anteroom credential\n${device}\n${ticketId}`)
    .digest('base64url')
}
