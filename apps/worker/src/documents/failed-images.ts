import type { DocumentProblem, DocumentReason } from '@anteroom/job-contracts'
import type { ImageFingerprint, ShownImage } from './documents.ts'

/** Images that failed before, as the same side of the same kind of document: they would fail again. */
export function problemsOfBefore(
  images: readonly ShownImage[],
  failedImages: readonly string[],
  fingerprint: ImageFingerprint,
): DocumentProblem[] {
  const known = new Set(failedImages)
  return images
    .filter((image) => fingerprint.read(image).some((one) => known.has(one)))
    .map(({ side }) => ({ side, reason: 'same-image' }))
}

/** Said of two images together: each may be good, and only the other one wrong. */
const ofThePair: readonly DocumentReason[] = ['sides-differ', 'same-image']

/** Fingerprints of the images that are to blame by themselves. */
export function fingerprintsOfFailed(
  images: readonly ShownImage[],
  problems: readonly DocumentProblem[],
  fingerprint: ImageFingerprint,
): string[] {
  const blamed = problems.filter(({ reason }) => !ofThePair.includes(reason))
  return images
    .filter(({ side }) => blamed.some((problem) => [side, 'both'].includes(problem.side)))
    .map((image) => fingerprint.write(image))
}
