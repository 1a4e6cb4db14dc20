/** Why a file is not looked at. */
export type ImageFault = 'damaged' | 'wrong-file' | 'too-large' | 'animated'

/** The image alone: upright, without metadata and whatever else the file held. */
export interface VettedImage {
  /** JPEG. */
  readonly bytes: Uint8Array
  /** In pixels. */
  readonly width: number
  readonly height: number
}

/** A file of little detail may be small and have many pixels; what is made of it must not be large. */
export const maxVettedBytes = 8 * 1024 * 1024
