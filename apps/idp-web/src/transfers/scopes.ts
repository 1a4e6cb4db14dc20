import type { Consumer } from './consumers.ts'
import type { Destinations } from './destinations-file.ts'
import { ProblemError } from './problems.ts'
import type { TransferRequest } from './schemas.ts'
import { isAddressRefused, isHostCovered } from './source-address.ts'

interface Limits {
  readonly destinations: Destinations
  readonly sandboxOrigins: readonly string[]
}

/**
 * Whether a consumer may ask for this. A destination that is not there is answered like one that is another's.
 *
 * @throws ProblemError
 */
export function assertAllowed(
  consumer: Consumer,
  { source, destination }: TransferRequest,
  { destinations, sandboxOrigins }: Limits,
): void {
  if (source.type === 'url') assertUrlAllowed(consumer, source.url, sandboxOrigins)
  else if (!consumer.sourceBuckets.includes(source.bucket)) throw notFrom('/source/bucket')
  const { name, path } = destination
  if (!consumer.destinations.includes(name) || !destinations.has(name)) {
    throw new ProblemError('destination-not-allowed', at('/destination/name', 'is not yours'))
  }
  if (!isBelow(path, consumer.pathPrefix)) {
    throw new ProblemError('path-not-allowed', at('/destination/path', 'is not below your folder'))
  }
}

function assertUrlAllowed(
  { sourceHosts }: Consumer,
  address: string,
  sandboxOrigins: readonly string[],
): void {
  if (isAddressRefused(address, sandboxOrigins)) {
    throw new ProblemError(
      'source-address-refused',
      at('/source/url', 'must be https, a public name, the standard port, no user and no "#"'),
    )
  }
  if (!isHostCovered(new URL(address).hostname, sourceHosts)) throw notFrom('/source/url')
}

function isBelow(path: string, prefix: string): boolean {
  return prefix === '' || path === prefix || path.startsWith(`${prefix}/`)
}

const notFrom = (pointer: string) =>
  new ProblemError('source-not-allowed', at(pointer, 'is not one of your sources'))

const at = (pointer: string, detail: string) => ({ errors: [{ pointer, detail }] })
