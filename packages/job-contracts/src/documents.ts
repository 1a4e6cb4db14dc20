import { z } from 'zod'

/** What a person can show. A passport has one side that counts, a card has two. */
export const documentTypes = ['drivers-license', 'state-id', 'passport'] as const
export const documentType = z.enum(documentTypes)
export type DocumentType = z.output<typeof documentType>

export const sides = ['front', 'back'] as const
export const side = z.enum(sides)
export type Side = z.output<typeof side>

/** 256 random bits, base64url: one document, photographed once or more. */
export const submissionId = z.base64url().length(43)

/** 256 random bits, base64url: one image in S3. Both sides of the channel derive its key from it, and take none from a browser. */
export const uploadId = z.base64url().length(43)

/** AES-256 key of one submission's images, base64url. */
export const imageKey = z.base64url().length(43)

/** An image as the browser sealed it: AES-256-GCM, ciphertext and then the tag. */
export const documentImage = z.object({
  side,
  uploadId,
  /** 12 bytes, base64url; never twice in a submission. */
  iv: z.base64url().length(16),
  contentType: z.string().min(1).max(100),
})
export type DocumentImage = z.output<typeof documentImage>

/** Keyed hash of an image's bytes, made and known by the worker alone. */
export const imageFingerprint = z.base64url().length(43)

/** Bytes of an image before it is sealed. */
export const maxImageBytes = 15 * 1024 * 1024

/** Bytes that sealing adds to an image: the tag of AES-GCM. */
export const imageTagBytes = 16

export function sidesOf(type: DocumentType): readonly Side[] {
  return type === 'passport' ? ['front'] : sides
}

/** Where an image lies in the bucket. */
export function imageObjectKey(submission: string, upload: string): string {
  return `documents/${submission}/${upload}`
}
