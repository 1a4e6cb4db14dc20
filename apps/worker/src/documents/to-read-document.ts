import { type ReadDocument, readDocument } from '@anteroom/job-contracts'

/** What somebody read, as far as it is known to be text. */
export type Fields = Readonly<Record<string, unknown>> & { readonly address?: unknown }

/**
 * What was read, in the contract's form. Undefined if something is missing that every document has. An address that is
 * not whole is none: the person types it.
 */
export function toReadDocument({ address, ...fields }: Fields): ReadDocument | undefined {
  const whole = readDocument.shape.address.safeParse(address)
  const parsed = readDocument.safeParse(whole.success ? { ...fields, address: whole.data } : fields)
  return parsed.success ? parsed.data : undefined
}
