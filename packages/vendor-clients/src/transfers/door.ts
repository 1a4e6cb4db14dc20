import { httpsAgentOf, type OutboundAgent, wayOf } from '../agent.ts'
import { createGuard, type GuardOptions } from '../guarded/guard.ts'
import { createGuardedAgent } from '../guarded/guarded-agent.ts'
import type { Destination } from './destination.ts'
import { createGraphDestination, type GraphDestinationOptions } from './graph-destination.ts'
import { createHttpsDestination, type HttpsDestinationOptions } from './https-destination.ts'
import type { S3Options } from './s3-client.ts'
import { createS3Destination, type S3DestinationOptions } from './s3-destination.ts'
import { createS3Sources, type S3Object } from './s3-source.ts'
import type { SftpOptions } from './sftp-connection.ts'
import { createSftpDestination } from './sftp-destination.ts'
import type { Source } from './source.ts'
import { createUrlSource, type UrlSourceOptions } from './url-source.ts'

export interface TransferDoorOptions extends GuardOptions {
  /** The way through the proxy; its authorities hold for everybody who is called. */
  readonly agent: OutboundAgent
  /** How long nothing may come or go. */
  readonly idleMs: number
}

type Given<Options> = Omit<Options, 'agent' | 'guardedAgent' | 'guard' | 'idleMs' | 'proxyUrl'>

/** All sources and destinations, each behind the proxy: what is named by others is connected to as the guard allows. */
export interface TransferDoor {
  urlSource(given: Given<UrlSourceOptions>): Source
  /** Made once: all objects that it is asked for share its client. */
  s3Sources(given: Given<S3Options>): (object: S3Object) => Source
  graph(given: Given<GraphDestinationOptions>): Destination
  s3(given: Given<S3DestinationOptions>): Destination
  https(given: Given<HttpsDestinationOptions>): Destination
  sftp(given: Given<SftpOptions>): Destination
  close(): void
}

const connectTimeoutMs = 10_000
const maxIdleConnections = 16

export function createTransferDoor({
  agent: outbound,
  idleMs,
  ...guarding
}: TransferDoorOptions): TransferDoor {
  const { proxyUrl, ca } = wayOf(outbound)
  const guard = createGuard(guarding)
  const agent = createGuardedAgent({ guard, proxyUrl, ca, connectTimeoutMs, maxIdleConnections })
  const guarded = { guard, agent, idleMs }
  return {
    urlSource: (given) => createUrlSource({ ...given, ...guarded }),
    s3Sources: (given) => createS3Sources({ ...given, agent: outbound, idleMs }),
    graph: (given) =>
      createGraphDestination({
        ...given,
        ...{ guard, guardedAgent: agent, agent: httpsAgentOf(outbound), idleMs },
      }),
    s3: (given) => createS3Destination({ ...given, agent: outbound, idleMs }),
    https: (given) => createHttpsDestination({ ...given, ...guarded }),
    sftp: (given) => createSftpDestination({ ...given, proxyUrl, idleMs }),
    close: () => agent.destroy(),
  }
}
