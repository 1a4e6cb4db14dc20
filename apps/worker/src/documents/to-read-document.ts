import { fields as contractFields, type ReadDocument, readDocument } from '@anteroom/job-contracts'

/** What somebody read, as far as it is known to be text. */
export type Fields = Readonly<Record<string, unknown>> & { readonly address?: unknown }

/**
 * What was read, in the contract's form. Undefined if something is missing that every document has. An address that is
 * not whole is none: the person types it. Nobody types the number and the state of a card, and so a card without them is
 * not whole either.
 */
export function toReadDocument({ address, ...fields }: Fields): ReadDocument | undefined {
  const whole = readDocument.shape.address.safeParse(address)
  const parsed = readDocument.safeParse(whole.success ? { ...fields, address: whole.data } : fields)
  if (!parsed.success) return undefined
  return parsed.data.type === 'passport' ? parsed.data : toCard(parsed.data)
}

function toCard(document: ReadDocument): ReadDocument | undefined {
  const number = contractFields.stateIdNumber.safeParse(document.number.replaceAll(ignored, ''))
  const issuer = contractFields.stateCode.safeParse(document.issuer)
  if (!number.success || !issuer.success) return undefined
  return { ...document, number: number.data, issuer: issuer.data }
}

/** AAMVA compares letters and digits alone; some states print and encode other signs between them. */
const ignored = /[\p{P}\p{S}\p{Z}]/gu
