import { destinationSecretName, type Open } from '@anteroom/job-contracts'
import { createBytesSource, type Destination, type TransferDoor } from '@anteroom/vendor-clients'
import type { DestinationEntry } from './read-destinations.ts'
import type { Shares } from './shares.ts'
import type { Transfers } from './transfers.ts'

export interface TransfersOptions {
  readonly door: TransferDoor
  readonly shares: Shares
  readonly entries: ReadonlyMap<string, DestinationEntry>
  readonly openSecret: Open
  readonly awsRegion: string
  /** Another S3 server than AWS's, for sources. */
  readonly s3Endpoint?: string | undefined
}

export function createTransfers(options: TransfersOptions): Transfers {
  const { door, shares, entries, awsRegion, s3Endpoint } = options
  const made = new Map<string, Destination>()
  const s3SourceOf = door.s3Sources({ region: awsRegion, endpoint: s3Endpoint })
  return {
    shares,
    sourceOf({ source }) {
      switch (source.type) {
        case 'url':
          return door.urlSource(source)
        case 's3':
          return s3SourceOf(source)
        case 'credential':
          return createBytesSource(Buffer.from(source.pdf, 'base64'))
      }
    },
    async destinationOf(name) {
      const entry = entries.get(name)
      if (!entry) return undefined
      const known = made.get(name) ?? (await make(entry, options))
      made.set(name, known)
      return known
    },
  }
}

/** Its secrets open for itself alone: nobody can give them to another destination. */
async function make(
  entry: DestinationEntry,
  { door, openSecret, awsRegion }: TransfersOptions,
): Promise<Destination> {
  const open = (sealed: string) =>
    openSecret({ name: destinationSecretName, id: entry.name }, sealed)
  switch (entry.type) {
    case 'graph':
      return door.graph({
        tenant: entry.tenant,
        clientId: entry.client_id,
        clientSecret: await open(entry.client_secret),
        driveId: entry.drive_id,
        folder: entry.folder,
        loginUrl: withoutSlash(entry.login_url),
        graphUrl: withoutSlash(entry.graph_url),
      })
    case 's3':
      return door.s3({
        bucket: entry.bucket,
        region: entry.region ?? awsRegion,
        endpoint: entry.endpoint,
        prefix: entry.prefix,
        kmsKeyId: entry.kms_key_id,
        credentials:
          entry.access_key_id === undefined || entry.secret_access_key === undefined
            ? undefined
            : {
                accessKeyId: entry.access_key_id,
                secretAccessKey: await open(entry.secret_access_key),
              },
      })
    case 'https':
      return door.https({
        url: entry.url,
        authorization: entry.authorization && (await open(entry.authorization)),
      })
    case 'sftp':
      return door.sftp({
        host: entry.host,
        port: entry.port,
        username: entry.username,
        privateKey: await open(entry.private_key),
        hostKey: entry.host_key,
        folder: entry.folder,
      })
  }
}

const withoutSlash = (url: string): string => url.replace(/\/$/, '')
