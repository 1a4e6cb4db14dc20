import encodeQr from 'qr'
import { type Html, html } from '../html.ts'

/** Light modules around the code, which readers need (ISO/IEC 18004 §6.3.8). */
const quietModules = 4

/** A QR code as one shape: no seam shows between its modules. @param label What it is, for who does not see it. */
export function qrCode(text: string, label: string): Html {
  const rows = encodeQr(text, 'raw', { ecc: 'medium', border: quietModules })
  const dark = rows.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])),
  )
  return html`<svg class="qr-code" role="img" aria-label="${label}" viewBox="0 0 ${rows.length} ${rows.length}"><rect width="100%" height="100%" fill="#fff"/><path d="${dark.join('')}" fill="#000"/></svg>`
}
