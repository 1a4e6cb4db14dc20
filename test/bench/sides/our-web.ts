import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import {
  createLog,
  createMetrics,
  createS3SettingsReader,
  createShutdown,
  loadSettings,
} from '@anteroom/runtime'
import cookie from '@fastify/cookie'
import Fastify, { type FastifyInstance } from 'fastify'
import { buildApp } from '../../../apps/idp-web/src/app.ts'
import { webSettings } from '../../../apps/idp-web/src/config.ts'
import { createDeps, createRedis } from '../../../apps/idp-web/src/deps.ts'
import { cookieNames } from '../../../apps/idp-web/src/plugins/session-cookies.ts'
import { waitingRoutes } from '../../../apps/idp-web/src/proofing/waiting-routes.ts'
import { startRecords } from '../../../apps/idp-web/src/records/records.ts'
import { root } from '../../support/root.ts'
import { type Crowd, createAnnouncers } from '../harness/announcers.ts'
import { atRate, inFlight, type Load, oneByOne, type Rate } from '../harness/pace.ts'
import { createPeople } from '../harness/people.ts'
import { createSeeds, type Seed } from '../harness/seeds.ts'
import { serve } from '../harness/serve.ts'
import { createStageClock, type StageMark } from '../harness/stage-clock.ts'

/** The web with everything that it has in production. */

const config = await loadSettings(webSettings, {
  env: process.env,
  readS3: createS3SettingsReader(),
})
const log = createLog({ service: 'idp-web', level: config.logLevel })
const shutdown = createShutdown(log)
const assetsFolder = join(root, 'apps/idp-web/dist/assets')
const metrics = createMetrics('idp-web')
const deps = await createDeps(config, { log, metrics, shutdown, assetsFolder })
startRecords(deps, createRedis(config, log), shutdown)
const seeds = createSeeds(deps)
const people = createPeople(deps)
const announcers = createAnnouncers(deps)
const clock = createStageClock()

const calls = {
  /** Puts sealed jobs into the queue, many in each commit. */
  seed: (seed: Seed) => seeds.seed(seed),
  /** Our durable enqueue: single calls that ride a group commit. */
  async enqueue(load: Load) {
    const riders = await seeds.riders(load.count)
    return inFlight(load, (index) => seeds.enqueue(riders[index]))
  },
  /** The same with the attempt and its limits. */
  async submit(load: Load) {
    const riders = await seeds.attempts(load.count)
    return inFlight(load, (index) => seeds.submit(riders[index]))
  },
  /** From a person's submit to the moment their page can see the answer. */
  async answerOneByOne(count: number) {
    const crowd = await people.invite(count)
    return oneByOne(count, (index) => people.answer(crowd[index]))
  },
  async answerAtRate(rate: Rate) {
    const crowd = await people.invite(rate.count)
    return atRate(rate, (index) => people.answer(crowd[index]))
  },
  async answerStaged(count: number): Promise<StageMark[]> {
    const crowd = await people.invite(count)
    await oneByOne(count, (index) => people.answer(crowd[index], clock))
    return clock.take()
  },
  /** People whose changes partners are told of. */
  inviteAnnouncers: (crowd: Crowd) => announcers.invite(crowd),
  changeAll: (load: Pick<Load, 'inFlight'>) => announcers.changeAll(load),
  changeOneByOne: () => announcers.changeOneByOne(),
  changeOne: (index: number) => announcers.changeOne(index),
  /** All of it, or the waiting page's routes with nothing around them. */
  async listen(how: 'whole' | 'waiting routes alone') {
    const app = how === 'whole' ? await buildApp(deps) : await waitingRoutesAlone()
    await app.listen({ host: '127.0.0.1', port: 0 })
    shutdown.add('web-server', () => app.close())
    // A server that listens on a port has the address of one.
    return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  },
  /** The cookie of somebody who waits for as long as a measurement may take. */
  async waitingCookie() {
    const session = await deps.sessions.create(randomBytes(32).toString('base64url'))
    const attempt = {
      attemptId: randomBytes(32).toString('base64url'),
      jobId: randomBytes(32).toString('base64url'),
      check: 'resolution-proofing' as const,
      subjectId: '',
      enqueuedAt: deps.now(),
      deadlineAt: deps.now() + 3_600_000,
    }
    await deps.sessions.patch(session, { attempt })
    return `${cookieNames(config).session}=${session.id}`
  },
}

async function waitingRoutesAlone(): Promise<FastifyInstance> {
  const app = Fastify()
  await app.register(cookie)
  waitingRoutes(app, deps)
  return app
}

export type OurWebCalls = typeof calls

serve(calls, () => shutdown.run())
