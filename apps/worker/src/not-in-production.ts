/**
 * A check of settings: that this one, which is for local machines, is neither set nor on in production. Asked even where
 * single settings are wrong, so that everything that has to be mended is listed at once.
 */
export function notInProduction<Name extends string>(name: Name) {
  type Given = { readonly environment?: string } & { readonly [Key in Name]?: unknown }
  const holds = (given: Given): boolean =>
    given.environment !== 'production' || given[name] === undefined || given[name] === false
  const params: { path: PropertyKey[]; when: () => boolean } = { path: [name], when: () => true }
  return [holds, params] as const
}
