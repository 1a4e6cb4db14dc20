const bits = 160
/** How far each byte is turned beyond the one before it. */
const shift = 11

/** QuickXorHash, the only hash that OneDrive for Business and SharePoint tell of a file (Microsoft Graph, `file.hashes`). No protection against anybody who wants two files to look alike. */
export interface QuickXorHash {
  update(chunk: Uint8Array): void
  /** Base64, as Graph writes it. */
  digest(): string
}

export function createQuickXorHash(): QuickXorHash {
  // 11 and 160 have no common divisor: bytes 160 apart fall on the same bits, so they are put together first.
  const columns = new Uint8Array(bits)
  let length = 0

  return {
    update(chunk) {
      let column = length % bits
      for (const byte of chunk) {
        columns[column] = (columns[column] ?? 0) ^ byte
        column = column === bits - 1 ? 0 : column + 1
      }
      length += chunk.length
    },
    digest() {
      const hash = turned(columns)
      const size = Buffer.alloc(8)
      size.writeBigUInt64LE(BigInt(length))
      for (const [index, byte] of size.entries()) {
        const at = hash.length - size.length + index
        hash[at] = (hash[at] ?? 0) ^ byte
      }
      return hash.toString('base64')
    },
  }
}

/** Each column's byte XORed into the ring of 160 bits at its own place. */
function turned(columns: Uint8Array): Buffer {
  const ring = Buffer.alloc(bits / 8)
  for (const [column, byte] of columns.entries()) {
    const bit = (column * shift) % bits
    const at = bit >> 3
    const next = (at + 1) % ring.length
    ring[at] = (ring[at] ?? 0) ^ ((byte << (bit & 7)) & 0xff)
    ring[next] = (ring[next] ?? 0) ^ (byte >> (8 - (bit & 7)))
  }
  return ring
}
