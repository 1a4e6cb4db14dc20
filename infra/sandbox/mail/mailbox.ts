import PostalMime from 'postal-mime'

/** A letter as it came. */
export interface CaughtMail {
  /** Counts from 1. */
  readonly number: number
  /** ISO 8601 */
  readonly receivedAt: string
  /** Whom the envelope names. */
  readonly to: readonly string[]
  readonly from: string
  readonly subject: string
  readonly messageId: string
  readonly text: string
  readonly html: string
  /** Every address of a page in the text, in order. */
  readonly links: readonly string[]
}

export interface Mailbox {
  take(source: Buffer, to: readonly string[]): Promise<void>
  /** Newest first. */
  all(): readonly CaughtMail[]
}

const remembered = 1_000

export function createMailbox(): Mailbox {
  const mails: CaughtMail[] = []
  let count = 0

  return {
    async take(source, to) {
      const {
        from,
        subject = '',
        messageId = '',
        text = '',
        html = '',
      } = await PostalMime.parse(source)
      count += 1
      mails.unshift({
        number: count,
        receivedAt: new Date().toISOString(),
        to,
        from: `${from?.name ?? ''} <${from?.address ?? ''}>`.trim(),
        subject,
        messageId,
        text,
        html,
        links: text.match(linkPattern) ?? [],
      })
      mails.splice(remembered)
    },
    all: () => mails,
  }
}

export const linkPattern = /https?:\/\/[^\s<>"]+/g
