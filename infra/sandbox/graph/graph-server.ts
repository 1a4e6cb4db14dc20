import { randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import formbody from '@fastify/formbody'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import { contentRoute } from './content-route.ts'
import { conflictBehaviours, createDrive, type Drive, type DriveItem } from './drive.ts'
import { GraphError } from './graph-error.ts'
import { createUploadSession, type UploadSession } from './upload-session.ts'

/** Microsoft's names for the three, as far as a transfer needs them. */
export const graphHosts = ['graph.vendors.test', 'login.vendors.test', 'upload.vendors.test']

export interface GraphServerOptions {
  /** 0 takes a free one. */
  readonly port: number
  readonly certificates: { readonly cert: string; readonly key: string }
  /** Where its files lie. */
  readonly directory: string
  readonly tenant: string
  readonly clientId: string
  readonly clientSecret: string
  readonly driveId: string
  /** How it is other than usual; changed as tests go on. */
  readonly trouble?: GraphTrouble
}

export interface GraphTrouble {
  /** Asked before each request to Graph or an upload: how it is refused, if it is. */
  refuse?: ((what: 'graph' | 'fragment') => GraphError | undefined) | undefined
  /** Milliseconds for which an upload session lives; 15 minutes if it is not said. */
  sessionMs?: number
  /** Where fragments are sent, instead of its own host for them. */
  uploadOrigin?: string
}

export interface GraphServer {
  readonly port: number
  readonly drive: Drive
  /** Uploads that were begun and neither finished nor given up. */
  openSessions(): number
  stop(): Promise<void>
}

/**
 * The part of Microsoft Graph by which a file is put into a drive: client credentials, upload sessions with their rules for
 * fragments, names that are taken, and items with their hashes. It keeps files on disk, and all else in memory.
 */
export async function startGraphServer(options: GraphServerOptions): Promise<GraphServer> {
  await mkdir(options.directory, { recursive: true })
  const drive = createDrive(options.directory)
  const sessions = new Map<string, UploadSession>()
  const tokens = new Set<string>()
  const around = { options, drive, sessions, tokens, trouble: options.trouble ?? {} }
  const app = Fastify({
    logger: false,
    https: { ...options.certificates, minVersion: 'TLSv1.2' },
    forceCloseConnections: true,
    bodyLimit: 64 * 1024 * 1024,
    routerOptions: { maxParamLength: 2_000 },
  })
  app.setErrorHandler((error, _request, reply) => sendError(reply, error))
  await app.register(formbody)
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) =>
    done(null, payload),
  )
  tokenRoute(app, around)
  sessionRoutes(app, around)
  itemRoutes(app, around)
  contentRoute(app, (request) => {
    admit(request, around)
    return { ...around, ...placeOf(request) }
  })
  await app.listen({ host: '127.0.0.1', port: options.port })
  const address = app.server.address()
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    drive,
    openSessions: () => sessions.size,
    stop: () => app.close(),
  }
}

interface Around {
  readonly options: GraphServerOptions
  readonly drive: Drive
  readonly sessions: Map<string, UploadSession>
  readonly tokens: Set<string>
  readonly trouble: GraphTrouble
}

const tokenForm = z.object({
  grant_type: z.literal('client_credentials'),
  client_id: z.string(),
  client_secret: z.string(),
  // As Microsoft's own host has it, or as this one.
  scope: z.enum(['https://graph.microsoft.com/.default', 'https://graph.vendors.test/.default']),
})

function tokenRoute(app: FastifyInstance, { options, tokens }: Around): void {
  app.post('/:tenant/oauth2/v2.0/token', async (request, reply) => {
    const { tenant } = request.params as { tenant: string }
    const { data } = tokenForm.safeParse(request.body)
    const { clientId, clientSecret } = options
    const isKnown =
      tenant === options.tenant &&
      data?.client_id === clientId &&
      isSame(data.client_secret, clientSecret)
    if (!isKnown) return reply.code(401).send({ error: 'invalid_client' })
    const token = randomBytes(24).toString('base64url')
    tokens.add(token)
    return reply.send({ token_type: 'Bearer', expires_in: 3_599, access_token: token })
  })
}

const sessionWish = z.object({
  item: z
    .object({
      '@microsoft.graph.conflictBehavior': z.enum(conflictBehaviours).default('fail'),
      name: z.string().optional(),
    })
    .default({ '@microsoft.graph.conflictBehavior': 'fail' }),
})

function sessionRoutes(app: FastifyInstance, around: Around): void {
  const { options, drive, sessions, trouble } = around

  app.post('/v1.0/drives/:drive/*', async (request, reply) => {
    admit(request, around)
    const { folder, name, action } = placeOf(request)
    if (action !== 'createUploadSession') throw new GraphError(400, 'invalidRequest')
    const { '@microsoft.graph.conflictBehavior': conflict } = sessionWish.parse(
      request.body ?? {},
    ).item
    if (conflict === 'fail' && drive.find(folder, name)) {
      throw new GraphError(409, 'nameAlreadyExists')
    }
    const expiresAt = Date.now() + (trouble.sessionMs ?? 15 * 60_000)
    const plan = { folder, name, conflict, expiresAt, directory: options.directory }
    const session = createUploadSession(plan)
    sessions.set(session.secret, session)
    return reply.send({
      uploadUrl: `${trouble.uploadOrigin ?? 'https://upload.vendors.test'}/up/${session.secret}`,
      ...standing(session),
    })
  })

  app.get('/up/:secret', (request, reply) => reply.send(standing(sessionOf(request, around))))

  app.put('/up/:secret', async (request, reply) => {
    const session = sessionOf(request, around)
    refuse(trouble, 'fragment')
    const arrival = await session.take(request.headers['content-range'], request.body as Readable)
    if (!arrival) return reply.code(202).send(standing(session))
    // A name that was taken meanwhile: what came so far is kept for another try until the session ends.
    const item = await drive.add(arrival)
    sessions.delete(session.secret)
    return reply.code(201).send(shown(item))
  })

  app.delete('/up/:secret', async (request, reply) => {
    const session = sessionOf(request, around)
    sessions.delete(session.secret)
    await session.drop()
    return reply.code(204).send()
  })
}

function itemRoutes(app: FastifyInstance, around: Around): void {
  app.get('/v1.0/drives/:drive/*', async (request, reply) => {
    admit(request, around)
    const { folder, name, action } = placeOf(request)
    if (action === 'children') {
      const inside = [folder, name].filter(Boolean).join('/')
      return reply.send({ value: around.drive.list(inside).map(shown) })
    }
    const item = around.drive.find(folder, name)
    if (!item) throw new GraphError(404, 'itemNotFound')
    return reply.send(shown(item))
  })

  app.delete('/v1.0/drives/:drive/*', async (request, reply) => {
    admit(request, around)
    const { folder, name } = placeOf(request)
    if (!around.drive.remove(folder, name)) throw new GraphError(404, 'itemNotFound')
    return reply.code(204).send()
  })
}

/** Graph takes no request without its token, nor for a drive that the application may not see. */
function admit(request: FastifyRequest, { options, tokens, trouble }: Around): void {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  if (!tokens.has(token)) throw new GraphError(401, 'InvalidAuthenticationToken')
  const { drive } = request.params as { drive: string }
  if (drive !== options.driveId) throw new GraphError(404, 'itemNotFound')
  refuse(trouble, 'graph')
}

function refuse({ refuse: asked }: GraphTrouble, what: 'graph' | 'fragment'): void {
  const error = asked?.(what)
  if (error) throw error
}

// What OneDrive takes in no name.
const forbidden = /["*:<>?\\|]|^ | $|\.$|^\.\.?$/

/** From `root:/folder/name:/action`, or `root:/folder/name`. */
function placeOf(request: FastifyRequest): { folder: string; name: string; action: string } {
  const { '*': rest } = request.params as { '*': string }
  const [, path = '', action = ''] = /^(?:items\/)?root:\/(.*?)(?::\/(\w+)|:?)$/.exec(rest) ?? []
  const names = path.split('/')
  if (path === '' || names.some((part) => part === '' || forbidden.test(part))) {
    throw new GraphError(400, 'invalidRequest')
  }
  return { folder: names.slice(0, -1).join('/'), name: names.at(-1) ?? '', action }
}

function sessionOf(request: FastifyRequest, { sessions }: Around): UploadSession {
  const { secret } = request.params as { secret: string }
  const session = sessions.get(secret)
  if (session && session.plan.expiresAt > Date.now()) return session
  sessions.delete(secret)
  throw new GraphError(404, 'itemNotFound')
}

function standing(session: UploadSession): object {
  return {
    expirationDateTime: new Date(session.plan.expiresAt).toISOString(),
    nextExpectedRanges: [session.nextExpected()],
  }
}

function shown({ id, name, size, eTag, quickXorHash }: DriveItem): object {
  return { id, name, size, eTag, file: { hashes: { quickXorHash } } }
}

function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  if (!(error instanceof GraphError)) return reply.code(400).send(bodyOf('invalidRequest'))
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds)
  return reply.code(error.status).send(bodyOf(error.code))
}

const bodyOf = (code: string) => ({ error: { code, message: 'Refused' } })

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
