import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { sendJson } from '../replies.ts'

const dayMs = 24 * 60 * 60 * 1000
const validDays = 730

/** The registry's answer: the same number for the same key, however often and whenever it is asked. */
export function sendEntry(
  response: ServerResponse,
  reference: string,
  { key, at }: { readonly key: string; readonly at: number },
): void {
  sendJson(response, 200, {
    number: numberOf(key),
    valid_from: dayOf(at),
    valid_until: dayOf(at + (validDays - 1) * dayMs),
    reference,
  })
}

/** Like `K7Q2-4821-9930`. */
function numberOf(key: string): string {
  const digest = createHash('sha256').update(key).digest()
  const letters = digest.readUIntBE(0, 4).toString(36).toUpperCase().padStart(4, '0').slice(-4)
  const digits = (offset: number) => String(digest.readUInt32BE(offset) % 10_000).padStart(4, '0')
  return `${letters}-${digits(4)}-${digits(8)}`
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
