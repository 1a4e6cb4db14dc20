import { setTimeout as pause } from 'node:timers/promises'
import { startPostgres } from '@anteroom/infra/local/postgres.ts'
import { lockedBy } from '@anteroom/infra/local/postgres-lock.ts'
import { isAlive } from '@anteroom/infra/local/processes.ts'
import { startRedis } from '@anteroom/infra/local/redis.ts'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { localCache } from './places.ts'

/** A server of the stack that can be stopped and started again where it was. */
export interface ServerControl<How = void> {
  stop(how: How): Promise<void>
  /** Harmless if it runs. */
  start(): Promise<void>
  /** Stops what this control started, for good. */
  end(): Promise<void>
}

/** immediate: as after a crash, the next start has to recover. fast: connections are ended, then an orderly stop. */
export type PostgresStop = 'fast' | 'immediate'

export function controlPostgres({ postgres, secrets }: LocalStack): ServerControl<PostgresStop> {
  const { dataDirectory: directory, port } = postgres
  let ours: { stop(): Promise<void> } | undefined
  return {
    async stop(how) {
      const pid = await lockedBy(directory)
      if (pid === undefined) return
      process.kill(pid, how === 'fast' ? 'SIGINT' : 'SIGQUIT')
      while (isAlive(pid)) await pause(10)
    },
    async start() {
      const pid = await lockedBy(directory)
      if (pid !== undefined && isAlive(pid)) return
      ours = await startPostgres({ directory, port, password: secrets.postgresAdmin })
    },
    async end() {
      await ours?.stop()
    },
  }
}

export function controlRedis(stack: LocalStack): ServerControl {
  const { redisWeb: web, redisWorker: worker, redisOps: ops, redisAdmin: admin } = stack.secrets
  const { port } = stack.redis
  let running: { stop(): Promise<void> } | undefined = stack.redis
  return {
    async stop() {
      await running?.stop()
      running = undefined
    },
    async start() {
      running ??= await startRedis({
        port,
        cacheDirectory: localCache,
        passwords: { web, worker, ops, admin },
      })
    },
    async end() {
      await running?.stop()
    },
  }
}
