import { root } from '../local/places.ts'
import { type Builder, type Image, images } from './builder.ts'
import { canMakeLocalBase, localBase } from './local-base.ts'

export interface BuiltImage {
  readonly image: Image
  readonly bytes: number
  readonly tookMs: number
}

/**
 * Builds the three, one after the other. Their base is `IMAGES_BASE`, or made of Debian's packages where `mmdebstrap` is at
 * hand, or what the Dockerfile names.
 */
export async function buildImages(
  builder: Builder,
  { IMAGES_BASE, NODE_EXTRA_CA_CERTS: caFile }: NodeJS.ProcessEnv,
  tell: (built: BuiltImage) => void = () => undefined,
): Promise<readonly BuiltImage[]> {
  const base = IMAGES_BASE ?? ((await canMakeLocalBase()) ? await localBase(builder) : undefined)
  const built: BuiltImage[] = []
  for (const image of images) {
    const startedAt = performance.now()
    await builder.build(image, { root, base, caFile })
    const tookMs = performance.now() - startedAt
    const one = { image, bytes: await builder.sizeOf(image), tookMs }
    built.push(one)
    tell(one)
  }
  return built
}
