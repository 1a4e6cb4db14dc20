import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { imageContext, openImage } from '@anteroom/crypto'
import { sidesOf } from '@anteroom/job-contracts'
import Fastify, { type FastifyInstance } from 'fastify'
import { readAssetUrls } from '../../apps/idp-web/src/assets-manifest.ts'
import { type PhotosData, photosPage } from '../../apps/idp-web/src/documents/pages/photos.ts'
import { renderHtml } from '../../apps/idp-web/src/html.ts'
import { sampleView } from '../../apps/idp-web/test-data/sample-view.ts'
import { launchBrowser, openVisit, type Visit, type VisitOptions } from './browser.ts'
import { type CaptureBucket, startBucket } from './capture-bucket.ts'
import { root } from './root.ts'
import { stillVideo } from './still-video.ts'

/** The capture page alone, with servers that do what a test wants: to see what it makes of each answer. */
export interface CaptureSite {
  readonly bucket: CaptureBucket
  /** What was asked for, in order. */
  readonly asked: Readonly<Record<string, unknown>>[]
  /** How the next questions for a place are answered: with these statuses, then well. */
  readonly statuses: number[]
  /** Forms that were sent. */
  readonly sent: SentForm[]
  /** The image of a side as the last form and the bucket give it. */
  open(side: string): Buffer
  visit(data?: Partial<PhotosData>, options?: VisitOptions): Promise<Visit>
  stop(): Promise<void>
}

export interface SentForm {
  readonly contentType: string
  readonly fields: Readonly<Record<string, string>>
  readonly files: Readonly<Record<string, Buffer>>
}

/** @param seen What the camera of the browser sees: an image. */
export async function startCaptureSite(seen: Buffer): Promise<CaptureSite> {
  const folder = await mkdtemp(join(tmpdir(), 'anteroom-capture-'))
  const video = join(folder, 'camera.y4m')
  await writeFile(video, await stillVideo(seen))
  const state = { submissionId: '', data: {} as Partial<PhotosData> }
  const asked: Record<string, unknown>[] = []
  const statuses: number[] = []
  const sent: SentForm[] = []
  const app = Fastify({ bodyLimit: 64 * 1024 * 1024, forceCloseConnections: true })
  const bucket = await startBucket()
  pageRoutes(app, { state, bucketUrl: bucket.url, sent })
  app.post('/verify/document/uploads', (request, reply) => {
    const body: Record<string, unknown> = JSON.parse(String(request.body))
    asked.push(body)
    const status = statuses.shift()
    if (status !== undefined) return reply.code(status).send()
    const uploadId = String(body.uploadId ?? randomBytes(32).toString('base64url'))
    const headers = { 'content-type': 'application/octet-stream', 'if-none-match': '*' }
    return reply.code(201).send({ uploadId, url: `${bucket.url}/${uploadId}`, headers })
  })
  const browser = await launchBrowser([
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${video}`,
  ])
  const url = await app.listen({ host: '127.0.0.1', port: 0 })

  return {
    bucket,
    asked,
    statuses,
    sent,
    open: (side) => openSent(sent.at(-1), { side, submissionId: state.submissionId, bucket }),
    async visit(data = {}, options = {}) {
      state.submissionId = randomBytes(32).toString('base64url')
      state.data = data
      for (const list of [asked, statuses, sent]) list.length = 0
      bucket.reset()
      const visit = await openVisit(browser, url, options)
      await visit.page.goto('/verify/document/photos')
      return visit
    },
    async stop() {
      await Promise.all([browser.close(), app.close(), bucket.stop()])
      await rm(folder, { recursive: true })
    },
  }
}

interface PageRoutes {
  readonly state: { submissionId: string; data: Partial<PhotosData> }
  readonly bucketUrl: string
  readonly sent: SentForm[]
}

function pageRoutes(app: FastifyInstance, { state, bucketUrl, sent }: PageRoutes): void {
  const assetsFolder = join(root, 'apps/idp-web/dist/assets')
  const { session: _, ...view } = { ...sampleView, assets: readAssetUrls(assetsFolder) }
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.get('/verify/document/photos', (_request, reply) => {
    const documentType = state.data.documentType ?? 'drivers-license'
    const usual = { sides: sidesOf(documentType), fixtures: false, presigned: true, errors: {} }
    const data = { ...usual, ...state.data, documentType, submissionId: state.submissionId }
    return reply
      .headers({ 'content-security-policy': policy(bucketUrl), 'cache-control': 'no-store' })
      .type('text/html; charset=utf-8')
      .send(renderHtml(photosPage({ ...view, path: '/verify/document/photos' }, data)))
  })
  app.post('/verify/document/photos', async (request, reply) => {
    sent.push(await readForm(request.headers['content-type'] ?? '', request.body))
    return reply.redirect('/arrived', 303)
  })
  app.get('/arrived', (_request, reply) => reply.type('text/html').send('<h1>Arrived</h1>'))
  app.get('/verify/document', (_request, reply) => reply.type('text/html').send('<h1>Choose</h1>'))
  app.get('/favicon.ico', (_request, reply) => reply.code(204).send())
  app.get<{ Params: { name: string } }>('/assets/:name', async ({ params }, reply) => {
    const types: Record<string, string> = { js: 'text/javascript', css: 'text/css' }
    const type = types[params.name.split('.').at(-1) ?? ''] ?? 'image/svg+xml'
    return reply.type(type).send(await readFile(join(assetsFolder, params.name)))
  })
}

/** As the web sends it with this page: nothing more than the page needs. */
function policy(bucketUrl: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${bucketUrl}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

async function readForm(contentType: string, body: unknown): Promise<SentForm> {
  const bytes = Buffer.isBuffer(body) ? new Uint8Array(body) : new Uint8Array()
  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData()
  const fields: Record<string, string> = {}
  const files: Record<string, Buffer> = {}
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value
    else files[name] = Buffer.from(await value.arrayBuffer())
  }
  return { contentType: contentType.split(';')[0] ?? '', fields, files }
}

interface Opening {
  readonly side: string
  readonly submissionId: string
  readonly bucket: CaptureBucket
}

function openSent(form: SentForm | undefined, { side, submissionId, bucket }: Opening): Buffer {
  const fields = form?.fields ?? {}
  const contentType = fields[`${side}_type`] ?? ''
  const sealed = bucket.stored.get(fields[`${side}_upload`] ?? '')
  const iv = Buffer.from(fields[`${side}_iv`] ?? '', 'base64url')
  const key = Buffer.from(fields.imageKey ?? '', 'base64url')
  const context = imageContext({ submissionId, side, contentType })
  return Buffer.from(openImage(key, { iv, context }, sealed ?? new Uint8Array()))
}
