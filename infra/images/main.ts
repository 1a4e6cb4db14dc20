import { buildImages } from './build-images.ts'
import { findBuilder, tagOf } from './builder.ts'

/** `pnpm images`: builds the images and says how large they are. */
const builder = await findBuilder()
if (!builder) {
  console.error(
    'There is no program here that builds images: no Docker, Podman or buildah answers.',
  )
  process.exit(1)
}
console.log(`built with ${builder.name}`)
await buildImages(builder, process.env, ({ image, bytes, tookMs }) => {
  const megabytes = Math.ceil(bytes / 1e6)
  console.log(`${tagOf(image).padEnd(32)}  ${megabytes} MB  (${Math.round(tookMs / 1000)} s)`)
})
