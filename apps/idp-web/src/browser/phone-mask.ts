/** A complete U.S. number as people write it, `703-555-0123`. Anything else stays as it was typed. */
export function maskPhone(typed: string): string {
  const digits = typed.replace(/[\s().+-]/g, '').replace(/^1(?=\d{10}$)/, '')
  if (!/^\d{10}$/.test(digits)) return typed
  return `${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6)}`
}
