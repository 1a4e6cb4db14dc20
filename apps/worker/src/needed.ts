/**
 * A check of settings: that this one is there where it is needed. Asked even where single settings are wrong, so that
 * everything that has to be mended is listed at once; what could not be parsed is then absent.
 */
export function needed<Given extends object>(
  name: keyof Given & string,
  isNeeded: (given: Given) => boolean,
) {
  const holds = (given: Given): boolean => !isNeeded(given) || given[name] !== undefined
  const params: { path: PropertyKey[]; when: () => boolean } = { path: [name], when: () => true }
  return [holds, params] as const
}
