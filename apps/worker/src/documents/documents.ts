import type { DocumentReader } from '@anteroom/document-reader'
import type { DocumentImage, DocumentType, Side } from '@anteroom/job-contracts'
import type { Log, Metrics } from '@anteroom/runtime'
import type { ByteBudget } from './byte-budget.ts'
import type { ImageStore } from './image-store.ts'

/** What the document task works with, besides the vendor. */
export interface Documents {
  readonly store: ImageStore
  /** For the bytes of images, sealed and open, while a job holds them. */
  readonly memory: ByteBudget
  readonly openImage: OpenImage
  readonly fingerprint: ImageFingerprint
  readonly reader: DocumentReader
  readonly settings: ReadingSettings
  /** Milliseconds since the epoch, database time. */
  readonly now: () => number
  readonly log: Log
  readonly metrics: Metrics
}

export interface ImageSlot extends Pick<DocumentImage, 'side' | 'contentType' | 'iv'> {
  readonly submissionId: string
  readonly imageKey: string
}

/** Undefined if the image does not open here: another key, another side, another submission, or damaged. */
export type OpenImage = (slot: ImageSlot, sealed: Uint8Array) => Uint8Array | undefined

export interface ShownImage {
  readonly documentType: DocumentType
  readonly side: Side
  readonly bytes: Uint8Array
}

/** Tells an image again: as what it was shown, and its bytes. */
export interface ImageFingerprint {
  write(image: ShownImage): string
  /** Under every key, for what was written before the newest one came. */
  read(image: ShownImage): readonly string[]
}

export interface ReadingSettings {
  readonly reader: 'own' | 'vendor'
  /** Of a hundred documents that our own reader would read, so many go to the vendor. */
  readonly vendorPercent: number
  /** Whether the other one is asked when the first fails. */
  readonly fallback: boolean
  /** Whether any of this has the vendor asked. */
  readonly mayAskVendor: boolean
  /** Whether the vendor takes YAML files instead of photos. */
  readonly fixtures: boolean
  readonly minimumAge: number
}
