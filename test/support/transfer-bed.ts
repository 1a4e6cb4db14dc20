import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import https from 'node:https'
import { type AddressInfo, connect, type Server } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import tls from 'node:tls'
import { createAuthority } from '@anteroom/infra/local/authority.ts'
import { type LocalProxy, startProxy } from '@anteroom/infra/local/proxy.ts'
import { startS3 } from '@anteroom/infra/local/s3.ts'
import { type SftpServer, startSftpServer } from '@anteroom/infra/sandbox/agency/sftp-server.ts'
import {
  type GraphServer,
  type GraphTrouble,
  graphHosts,
  startGraphServer,
} from '@anteroom/infra/sandbox/graph/graph-server.ts'
import type { Destination, TransferDoor } from '@anteroom/vendor-clients'
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { type FileReceiver, startFileReceiver } from './file-receiver.ts'
import {
  addresses,
  type DoorFacts,
  type Kind,
  openDoor,
  s3Host,
  sftpHost,
} from './transfer-door.ts'

/** One kind of destination, and what can be seen of it from outside. */
export interface Landing {
  readonly destination: Destination
  /** Everything that stands there under a name, by path. */
  visible(): Promise<ReadonlyMap<string, Buffer>>
  /** Uploads that were begun and are neither finished nor taken back. */
  unfinished(): number
}

export interface TransferBed {
  readonly door: TransferDoor
  readonly proxy: LocalProxy
  readonly graph: GraphServer
  readonly graphTrouble: GraphTrouble
  readonly receiver: FileReceiver
  readonly sftp: SftpServer
  readonly landings: Readonly<Record<Kind, Landing>>
  /** What the source answers, until it is said anew. */
  serve(answer: RequestListener): void
  /** Requests to the source so far. */
  asked(): number
  /** Where names lead, besides those of the bed. Each look-up takes the next, and the last one stays. */
  resolves(host: string, ...addresses: string[]): void
  /** The same places and ports for another process. */
  readonly facts: DoorFacts
  /** Where the source listens on this machine. */
  readonly sourcePort: number
  stop(): Promise<void>
}

export async function startTransferBed(
  directory: string,
  { keepsBytes = true }: { readonly keepsBytes?: boolean } = {},
): Promise<TransferBed> {
  const authority = await createAuthority({ now: Date.now(), validDays: 30 })
  const certified = await authority.certify({
    hostNames: [...Object.keys(addresses), ...graphHosts, s3Host, 'localhost'],
  })
  let answer: RequestListener = (_request, response) => void response.writeHead(404).end()
  let asked = 0
  const source = https.createServer(certified, (request, response) => {
    asked += 1
    answer(request, response)
  })
  source.listen(0, '127.0.0.1')
  await once(source, 'listening')
  const graphTrouble: GraphTrouble = {}
  const graph = await startGraphServer({
    ...{ port: 0, certificates: certified, directory: join(directory, 'drive') },
    ...{ tenant: 'tenant', clientId: 'client', clientSecret: 'secret', driveId: 'drive' },
    trouble: graphTrouble,
  })
  const receiver = await startFileReceiver(certified, keepsBytes)
  const sftp = await startSftpServer({ username: 'anteroom', port: 0 })
  const s3 = await startS3({
    port: 0,
    directory: join(directory, 's3'),
    principals: [{ name: 'worker', accessKeyId: 'AKIAWORKER', secretAccessKey: 'secret' }],
    buckets: [
      {
        name: 'county',
        grants: [
          {
            principal: 'worker',
            actions: [
              ...(['s3:GetObject', 's3:DeleteObject', 's3:ListBucket'] as const),
              ...(['s3:PutObject', 's3:AbortMultipartUpload'] as const),
            ],
          },
        ],
      },
    ],
  })
  const s3Door = tls.createServer(certified, (socket) => {
    const inside = connect(s3.port, '127.0.0.1')
    pipeline(socket, inside, socket).catch(() => undefined)
  })
  s3Door.listen(0, '127.0.0.1')
  await once(s3Door, 'listening')
  const here = (port: number) => ({ host: '127.0.0.1', port })
  const portOf = (server: Server) => (server.address() as AddressInfo).port
  const sourcePort = portOf(source)
  const proxy = await startProxy({
    port: 0,
    credentials: { username: 'worker', password: 'p' },
    allow: {
      '93.184.216.30': here(sourcePort),
      '93.184.216.31': here(receiver.port),
      '93.184.216.32': here(graph.port),
      'graph.vendors.test': here(graph.port),
      'login.vendors.test': here(graph.port),
      [`${sftpHost}:22`]: here(sftp.port),
      [s3Host]: here(portOf(s3Door)),
      ...Object.fromEntries(
        [sourcePort, receiver.port, graph.port].map((port) => [`127.0.0.1:${port}`, here(port)]),
      ),
    },
  })
  const facts: DoorFacts = {
    proxyUrl: proxy.url,
    ca: authority.ca,
    s3Url: s3.url,
    sftpHostKey: sftp.hostKey,
    sftpClientKey: sftp.clientKey,
  }
  const others = new Map<string, string[]>()
  const { door, destinations } = openDoor(facts, { others })
  const s3Client = new S3Client({
    ...{ endpoint: s3.url, region: 'us-east-1', forcePathStyle: true },
    credentials: { accessKeyId: 'AKIAWORKER', secretAccessKey: 'secret' },
  })
  return {
    door,
    proxy,
    graph,
    graphTrouble,
    receiver,
    sftp,
    facts,
    sourcePort,
    landings: {
      graph: {
        destination: destinations.graph,
        visible: async () =>
          new Map(
            await Promise.all(
              graph.drive
                .all()
                .map(
                  async (item): Promise<[string, Buffer]> => [
                    [item.folder, item.name].filter(Boolean).join('/').replace(/^in\//, ''),
                    await readFile(item.file),
                  ],
                ),
            ),
          ),
        unfinished: () => graph.openSessions(),
      },
      s3: {
        destination: destinations.s3,
        visible: async () => {
          const { Contents = [] } = await s3Client.send(
            new ListObjectsV2Command({ Bucket: 'county' }),
          )
          const all = await Promise.all(
            Contents.map(async ({ Key = '' }): Promise<[string, Buffer]> => {
              const got = await s3Client.send(new GetObjectCommand({ Bucket: 'county', Key }))
              const bytes = await got.Body?.transformToByteArray()
              return [Key.replace(/^in\//, ''), Buffer.from(bytes ?? [])]
            }),
          )
          return new Map(all)
        },
        unfinished: () => s3.openUploads(),
      },
      https: {
        destination: destinations.https,
        visible: async () =>
          new Map(
            [...receiver.files].map(([path, { bytes }]) => [
              decodeURIComponent(path.replace(/^\/in\//, '')),
              bytes,
            ]),
          ),
        unfinished: () => 0,
      },
      sftp: {
        destination: destinations.sftp,
        visible: async () =>
          new Map(
            [...sftp.files]
              .filter(([path]) => !path.endsWith('.part'))
              .map(([path, bytes]) => [path.replace(/^\/in\//, ''), bytes]),
          ),
        unfinished: () => [...sftp.files.keys()].filter((path) => path.endsWith('.part')).length,
      },
    },
    serve: (next) => {
      answer = next
    },
    asked: () => asked,
    resolves: (host, ...list) => void others.set(host, list),
    async stop() {
      door.close()
      s3Client.destroy()
      await proxy.stop()
      source.closeAllConnections()
      source.close()
      await graph.stop()
      await receiver.stop()
      await sftp.stop()
      s3Door.close()
      await s3.stop()
    },
  }
}
