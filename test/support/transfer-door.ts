import {
  createOutboundAgent,
  createTransferDoor,
  type Destination,
  type TransferDoor,
} from '@anteroom/vendor-clients'

export const sourceHost = 'files.agency.example'
export const receiverHost = 'in.county.example'
export const sftpHost = 'sftp.county.example'
/** The bed's S3 behind TLS, as AWS's is. */
export const s3Host = 's3.vendors.test'

/** Public addresses that our name servers tell; behind the proxy each is a port of this machine. */
export const addresses: Readonly<Record<string, string>> = {
  [sourceHost]: '93.184.216.30',
  'elsewhere.example': '93.184.216.30',
  [receiverHost]: '93.184.216.31',
  'upload.vendors.test': '93.184.216.32',
}

export const kinds = ['graph', 's3', 'https', 'sftp'] as const
export type Kind = (typeof kinds)[number]

/** All that another process needs to build the same door and destinations. */
export interface DoorFacts {
  readonly proxyUrl: string
  readonly ca: string
  readonly s3Url: string
  readonly sftpHostKey: string
  readonly sftpClientKey: string
}

/** The door to the bed's servers, and its destinations. */
export function openDoor(
  { proxyUrl, ca, s3Url, sftpHostKey, sftpClientKey }: DoorFacts,
  {
    others = new Map<string, string[]>(),
    idleMs = 5_000,
  }: { readonly others?: Map<string, string[]>; readonly idleMs?: number } = {},
): { readonly door: TransferDoor; readonly destinations: Readonly<Record<Kind, Destination>> } {
  const door = createTransferDoor({
    agent: createOutboundAgent({ proxyUrl, ca }),
    idleMs,
    resolve: async (host) => {
      const list = others.get(host) ?? [addresses[host] ?? '']
      const next = list.length > 1 ? list.shift() : list[0]
      return next === undefined || next === '' ? [] : [next]
    },
  })
  return {
    door,
    destinations: {
      graph: door.graph({
        ...{ tenant: 'tenant', clientId: 'client', clientSecret: 'secret', driveId: 'drive' },
        folder: 'in',
        loginUrl: 'https://login.vendors.test',
        graphUrl: 'https://graph.vendors.test/v1.0',
      }),
      s3: door.s3({
        ...{ bucket: 'county', region: 'us-east-1', endpoint: s3Url, prefix: 'in' },
        credentials: { accessKeyId: 'AKIAWORKER', secretAccessKey: 'secret' },
      }),
      https: door.https({ url: `https://${receiverHost}/in`, authorization: 'Bearer x' }),
      sftp: door.sftp({
        ...{ host: sftpHost, port: 22, username: 'anteroom', folder: '/in' },
        ...{ privateKey: sftpClientKey, hostKey: sftpHostKey },
      }),
    },
  }
}
