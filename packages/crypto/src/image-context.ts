/** What an image is, and of which document. An image sealed for one slot opens in no other. */
export interface ImageSlot {
  /** Of the submission; holds no line break. */
  readonly submissionId: string
  /** `front` or `back`. */
  readonly side: string
  /** Of the image before it is sealed, such as `image/jpeg`. */
  readonly contentType: string
}

/** The additional data of an image's encryption: the same bytes in a browser and here. */
export function imageContext(slot: ImageSlot): Uint8Array<ArrayBuffer> {
  const { submissionId, side, contentType } = slot
  return new TextEncoder().encode(['anteroom-image-1', submissionId, side, contentType].join('\n'))
}
