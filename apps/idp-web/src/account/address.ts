/** The same for every way to write one address: what accounts are found by. Hosts may tell capitals apart; none does. */
export function canonicalAddress(address: string): string {
  return address.normalize('NFC').toLowerCase()
}
