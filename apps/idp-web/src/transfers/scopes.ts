import type { Consumer, CredentialReceiver } from './consumers.ts'
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
  const { name, path } = destination
  switch (source.type) {
    case 'url':
      assertUrlAllowed(consumer, source.url, sandboxOrigins)
      break
    case 's3':
      if (!consumer.sourceBuckets.includes(source.bucket)) throw notFrom('/source/bucket')
      break
    case 'credential':
      assertCredentialAllowed(consumer, destination)
  }
  if (!consumer.destinations.includes(name) || !destinations.has(name)) {
    throw new ProblemError('destination-not-allowed', at('/destination/name', 'is not yours'))
  }
  if (!isBelow(path, consumer.pathPrefix)) throw notThere()
}

/** Only where people were told that it goes: to the place that operators have set for this consumer's credentials. */
function assertCredentialAllowed(
  { credentials }: Consumer,
  { name, path, filename }: TransferRequest['destination'],
): void {
  if (!credentials) throw notFrom('/source/type')
  if (filename !== undefined) {
    const errors = at('/destination/filename', 'is not yours to choose for a credential')
    throw new ProblemError('invalid-request', errors)
  }
  if (name !== credentials.destination) {
    const errors = at('/destination/name', 'is not the one for your credentials')
    throw new ProblemError('destination-not-allowed', errors)
  }
  if (!isBelow(path, credentials.folder)) throw notThere()
}

/** Whether people may have their credentials sent there now. */
export function takesCredentials(
  { isActive, credentials, destinations: own, pathPrefix }: CredentialReceiver,
  { destinations }: Pick<Limits, 'destinations'>,
): boolean {
  const { destination, folder } = credentials
  const isThere = own.includes(destination) && destinations.has(destination)
  return isActive && isThere && isBelow(folder, pathPrefix)
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

const notThere = () =>
  new ProblemError('path-not-allowed', at('/destination/path', 'is not below your folder'))

const notFrom = (pointer: string) =>
  new ProblemError('source-not-allowed', at(pointer, 'is not one of your sources'))

const at = (pointer: string, detail: string) => ({ errors: [{ pointer, detail }] })
