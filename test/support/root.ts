export { cacheDirectory, localDirectory, root } from '@anteroom/infra/local/places.ts'
