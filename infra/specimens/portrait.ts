import type { OverlayOptions } from 'sharp'

/** Not a face: a head and shoulders in a few tones, 440 by 560 pixels. */
export function portraitOf(place: { readonly left: number; readonly top: number }): OverlayOptions {
  const input = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="440" height="560">
    <rect width="440" height="560" fill="#b9c6cf"/>
    <ellipse cx="220" cy="215" rx="105" ry="135" fill="#8a6f5c"/>
    <path d="M40 560 Q 60 370 220 370 T 400 560 Z" fill="#3d4f63"/>
    <path d="M115 190 Q 220 30 325 190 Q 300 110 220 110 T 115 190 Z" fill="#3a2c24"/></svg>`)
  return { input, ...place }
}
