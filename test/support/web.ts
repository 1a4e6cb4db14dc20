import { join } from 'node:path'
import { startRedis } from '@anteroom/infra/local/redis.ts'
import { createLog, createMetrics, createShutdown, loadSettings } from '@anteroom/runtime'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { Redis } from 'ioredis'
import { buildApp } from '../../apps/idp-web/src/app.ts'
import { webSettings } from '../../apps/idp-web/src/config.ts'
import { createDeps, createRedis, type WebDeps } from '../../apps/idp-web/src/deps.ts'
import type { Line } from '../../apps/idp-web/src/line/line.ts'
import { startRecords } from '../../apps/idp-web/src/records/records.ts'
import { startTestDatabase, type TestDatabase } from './database.ts'
import { cacheDirectory, root } from './root.ts'

/** The web application in this process, on a real Postgres and a real Redis, with no worker to answer it. */
export interface TestWeb {
  readonly app: FastifyInstance
  readonly deps: WebDeps
  readonly database: TestDatabase
  /** Redis as its administrator. */
  readonly redis: Redis
  /** Of Redis, as the worker. */
  readonly workerRedisUrl: string
  readonly logLines: string[]
  /** Keeps the records by the worker's reports, as `main.ts` does. */
  startRecords(): void
  /** Redis goes away and does not come back. */
  loseRedis(): Promise<void>
  stop(): Promise<void>
}

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64url')

export interface TestWebOptions {
  /** A database that another web has used; it outlives this one. */
  readonly database?: TestDatabase
  /** Instead of the real line. */
  readonly line?: Line
  /** Instead of the queue that e-mails leave by. */
  readonly sendMail?: WebDeps['sendMail']
  /** Instead of telling partners; it may use the web's database. */
  readonly securityEvents?: WebDeps['securityEvents']
}

export async function startTestWeb(
  settings: Record<string, string> = {},
  options: TestWebOptions = {},
): Promise<TestWeb> {
  const database = options.database ?? (await startTestDatabase())
  const redisServer = await startRedis({
    port: 0,
    cacheDirectory,
    passwords: { web: 'web', worker: 'worker', ops: 'ops', admin: 'admin' },
  })
  const config = await loadSettings(webSettings, {
    env: {
      ANTEROOM_ENVIRONMENT: 'golden',
      ANTEROOM_PUBLIC_URL: 'http://127.0.0.1:3000',
      ANTEROOM_DATABASE_URL: database.urls.web,
      ANTEROOM_REDIS_URL: redisServer.urls.web,
      ANTEROOM_KEY_PROVIDER: 'local',
      // The keys of the fixed sealer, so that a test can open and seal as the worker does.
      ANTEROOM_LOCAL_KEYS: `payload:${key(1)},result:${key(2)},step:${key(3)},session:${key(4)},record:${key(5)},credential:${key(6)},settings:${key(7)}`,
      ANTEROOM_SESSION_ENCRYPTION_KEYS: `golden:${key(9)}`,
      ANTEROOM_COOKIE_KEYS: `1:${key(5)}`,
      ANTEROOM_FINGERPRINT_KEYS: `1:${key(6)}`,
      // Most tests are about what follows after a document; the others ask for one.
      ANTEROOM_DOCUMENT_PROOFING: 'off',
      ...settings,
    },
  })
  const logLines: string[] = []
  const output = { write: (line: string) => logLines.push(line) }
  const log = createLog({ service: 'idp-web', level: 'debug', output })
  const shutdown = createShutdown(createLog({ service: 'test', level: 'error' }))
  const around = {
    log,
    metrics: createMetrics('idp-web'),
    shutdown,
    assetsFolder: join(root, 'apps/idp-web/dist/assets'),
  }
  const deps = {
    ...(await createDeps(config, around)),
    ...(options.line && { line: options.line }),
    ...(options.sendMail && { sendMail: options.sendMail }),
    ...(options.securityEvents && { securityEvents: options.securityEvents }),
  }
  const app = await buildApp(deps)
  const redis = new Redis(redisServer.urls.admin)
  redis.on('error', () => undefined)
  return {
    app,
    deps,
    database,
    redis,
    workerRedisUrl: redisServer.urls.worker,
    logLines,
    startRecords: () => startRecords(deps, createRedis(config, log), shutdown),
    loseRedis: () => redisServer.stop(),
    async stop() {
      await app.close()
      await shutdown.run()
      redis.disconnect()
      await redisServer.stop()
      if (!options.database) await database.stop()
    },
  }
}

/** A browser without scripts that talks to the application by injection, so that every header can be looked at. */
export interface Visitor {
  readonly cookies: Map<string, string>
  get(url: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  /** Sends a form with the token of the last page that had one. */
  post(
    url: string,
    fields?: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>
  /** Sends anything else: its own body under its own type. */
  send(
    url: string,
    payload: string | Buffer,
    headers: Record<string, string>,
  ): Promise<LightMyRequestResponse>
  /** Of the last page that had one. */
  token(): string
  /** Goes through consent and details, up to the page that shows the answers. */
  reachCheck(details: Record<string, string>): Promise<void>
}

export function createVisitor(app: FastifyInstance): Visitor {
  const cookies = new Map<string, string>()
  let token = ''

  function remember(response: LightMyRequestResponse): LightMyRequestResponse {
    for (const { name, value, maxAge, expires } of response.cookies) {
      const isGone = value === '' || maxAge === 0 || (expires && expires.getTime() < Date.now())
      if (isGone) cookies.delete(name)
      else cookies.set(name, encodeURIComponent(value))
    }
    token = /name="csrf" value="([^"]+)"/.exec(response.payload)?.[1] ?? token
    return response
  }

  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const visitor: Visitor = {
    cookies,
    async get(url, headers = {}) {
      return remember(
        await app.inject({ method: 'GET', url, headers: { cookie: cookie(), ...headers } }),
      )
    },
    async post(url, fields = {}, headers = {}) {
      const payload = new URLSearchParams({ csrf: token, ...fields }).toString()
      return remember(
        await app.inject({
          method: 'POST',
          url,
          payload,
          headers: {
            cookie: cookie(),
            'content-type': 'application/x-www-form-urlencoded',
            ...headers,
          },
        }),
      )
    },
    async send(url, payload, headers) {
      const init = {
        method: 'POST',
        url,
        payload,
        headers: { cookie: cookie(), ...headers },
      } as const
      return remember(await app.inject(init))
    },
    token: () => token,
    async reachCheck(details) {
      await visitor.get('/verify/consent')
      await visitor.post('/verify/consent', { consent: 'yes' })
      await visitor.get('/verify/details')
      await visitor.post('/verify/details', details)
      await visitor.get('/verify/check')
    },
  }
  return visitor
}
