import sharp from 'sharp'

/** What runs in the threads of `document-reader.ts`, found there by these names. */
export { readImages } from './read-images.ts'
export { vetImage } from './vet-image.ts'

// The threads are the parallelism; and images of different people have nothing to share.
sharp.concurrency(1)
sharp.cache(false)
