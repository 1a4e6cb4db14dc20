import { rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import https from 'node:https'
import { join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import Fastify from 'fastify'
import { listen } from '../../local/http-server.ts'
import { type GraphServer, startGraphServer } from '../graph/graph-server.ts'
import { sendPage } from '../pretend-page.ts'
import { type ArrivedFile, arrivedFiles } from './arrived-files.ts'
import { createFileShelf } from './file-shelf.ts'
import { agencyPage } from './pages.ts'
import { type SftpServer, startSftpServer } from './sftp-server.ts'
import { sendSourceFile } from './source-files.ts'
import { createWebhookDesk, type ReceivedWebhook } from './webhook-desk.ts'

/** By which it is known at its own places. */
export const agencyNames = {
  username: 'anteroom',
  tenant: 'sample-tenant',
  clientId: 'sample-client',
  driveId: 'sample-drive',
  bucket: 'sample-agency',
} as const

/** Paths of its server for files and webhooks. */
export const agencyPaths = { sources: '/files', incoming: '/in', webhooks: '/webhooks' } as const

export interface SampleAgencyOptions {
  readonly ports: {
    readonly page: number
    readonly files: number
    readonly graph: number
    readonly sftp: number
  }
  /** PEM, for `localhost` and Microsoft’s pretend names. */
  readonly certificates: { readonly cert: string; readonly key: string }
  /** Where its drive lies while it runs. */
  readonly directory: string
  /** By which it knows who brings files: of its server, and of its drive. */
  readonly token: string
  /** `whsec_…` */
  readonly webhookSecret: string
  /** Where its bucket is. */
  readonly s3: {
    readonly endpoint: string
    readonly region: string
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  }
}

export interface SampleAgency {
  /** Of its page, for people. */
  readonly port: number
  readonly url: string
  /** Of its server for files and webhooks. */
  readonly filesUrl: string
  readonly graph: Pick<GraphServer, 'port'>
  readonly sftp: Pick<SftpServer, 'port' | 'hostKey' | 'clientKey'>
  arrived(): Promise<readonly ArrivedFile[]>
  webhooks(): readonly ReceivedWebhook[]
  stop(): Promise<void>
}

/** An agency with documents to fetch, a place of each kind where documents can be moved to, and a webhook. It shows what it was given. */
export async function startSampleAgency(options: SampleAgencyOptions): Promise<SampleAgency> {
  const { ports, certificates, token, s3 } = options
  const { username, bucket, ...microsoft } = agencyNames
  const directory = join(options.directory, 'drive')
  await rm(directory, { recursive: true, force: true })
  const graph = await startGraphServer({
    ...{ ...microsoft, directory, certificates, clientSecret: token },
    ...{ port: ports.graph, trouble: { uploadOrigin: `https://localhost:${ports.graph}` } },
  })
  const sftp = await startSftpServer({ username, port: ports.sftp })
  const shelf = createFileShelf()
  const desk = createWebhookDesk(options.webhookSecret)
  const server = https.createServer(certificates, (request, response) => {
    serve(request, response).catch(() => response.destroy())
  })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '', headers } = request
    const { sources, incoming, webhooks } = agencyPaths
    if (url === webhooks) return desk.answer(request, response)
    if (url.startsWith(`${sources}/`)) {
      return sendSourceFile(url.slice(sources.length + 1), request, response)
    }
    if (!url.startsWith(`${incoming}/`)) return void response.writeHead(404).end()
    if (headers.authorization !== `Bearer ${token}`) return void response.writeHead(401).end()
    return shelf.answer(request, response)
  }

  const files = await listen(server, ports.files)
  const filesUrl = `https://localhost:${files.port}`
  const client = new S3Client({ ...s3, forcePathStyle: true })
  const arrived = () => arrivedFiles({ drive: graph.drive, s3: { client, bucket }, shelf, sftp })

  const app = Fastify({ logger: false, forceCloseConnections: true })
  app.get('/', async (_request, reply) => {
    const facts = { arrived: await arrived(), webhooks: desk.received() }
    return sendPage(reply, agencyPage({ ...facts, filesUrl: filesUrl + agencyPaths.sources }))
  })
  app.get<{ Params: { kind: string; '*': string } }>(
    '/arrived/:kind/*',
    async ({ params }, reply) => {
      const found = (await arrived()).find(
        ({ kind, path }) => kind === params.kind && path === params['*'],
      )
      if (!found) return reply.code(404).send()
      const headers = { 'content-disposition': 'attachment', 'x-content-type-options': 'nosniff' }
      return reply.headers(headers).type('application/octet-stream').send(found.bytes)
    },
  )
  await app.listen({ port: ports.page, host: '127.0.0.1' })
  return {
    port: ports.page,
    url: `http://127.0.0.1:${ports.page}`,
    filesUrl,
    graph,
    sftp,
    arrived,
    webhooks: desk.received,
    async stop() {
      client.destroy()
      await Promise.all([app.close(), files.stop(), graph.stop(), sftp.stop()])
    },
  }
}
