/** Such as `drivers-license-front.jpg`; PNG files end in .png, and a text file in .jpg, because that is its trick. */
export function fileName(specimen: string, side: 'front' | 'back', bytes: Buffer): string {
  const extension = bytes.toString('latin1', 1, 4) === 'PNG' ? 'png' : 'jpg'
  return `${specimen}-${side}.${extension}`
}
