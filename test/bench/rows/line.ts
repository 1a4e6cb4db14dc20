import { seededRandom } from '@anteroom/infra/specimens/random.ts'
import { loadSettings } from '@anteroom/runtime'
import type { Redis } from 'ioredis'
import pg from 'pg'
import { webSettings } from '../../../apps/idp-web/src/config.ts'
import type { Ticket } from '../../../apps/idp-web/src/line/standing.ts'
import { openTestLine, type TestLine } from '../../support/line.ts'
import { runCrowd } from '../../support/line-crowd.ts'
import type { Bed } from '../harness/bed.ts'
import { type Figure, inTurn, type Row } from '../harness/row.ts'

const joinSeconds = 900
const inFlight = 256

/**
 * The line alone, at the size of a rush: everybody joins within fifteen simulated minutes, six of ten leave, and who has
 * their turn out of order ends the benchmark. Then the same many stand still, and every place is asked for.
 */
export const lineRow: Row<'crowd' | 'polls' | 'memory'> = {
  name: 'line',
  lines: {
    crowd: { title: 'a rush through the line, joins and polls', unit: 'req/s' },
    polls: {
      title: 'poll of a place in the line',
      reference: 'plain ZADD and ZRANK',
      unit: 'req/s',
    },
    memory: {
      title: 'memory of Redis for the line',
      reference: 'two plain sorted sets',
      unit: 'MB',
      goals: [{ of: 'ratio', at: 'most', value: 3 }],
    },
  },
  async prepare({ bed, size, keep }) {
    const at = keep(await openLine(bed))
    let crowdsLeft = 1
    return {
      async round(oursFirst) {
        const crowd = crowdsLeft-- > 0 ? await rush(bed, at, size.linePeople) : undefined
        await bed.clear()
        await at.clear()
        const tickets = await fill(bed, at, size.linePeople)
        const memory = { ours: tickets.memory, reference: await fillPlain(bed, tickets.all) }
        const some = tickets.all.slice(0, size.linePolls)
        const polls = await inTurn(
          oursFirst,
          () => ask(some, (ticket) => at.line.standing(ticket, 'visible')),
          () => ask(some, (ticket) => askPlain(bed.redis, ticket)),
        )
        return { ...(crowd && { crowd: { ours: crowd } }), polls, memory }
      },
    }
  },
}

async function openLine(bed: Bed): Promise<TestLine> {
  const { databaseUrl, redisUrl } = await loadSettings(webSettings, { env: bed.environments.web })
  const web = new pg.Pool({ connectionString: databaseUrl, max: 10 })
  web.on('error', () => undefined)
  const { host, port, username, password } = bed.redis.options
  const admin = `redis://${username}:${encodeURIComponent(password ?? '')}@${host}:${port}`
  return openTestLine({
    database: { pool: (role) => (role === 'web' ? web : bed.ours) },
    redisUrls: { web: redisUrl, admin },
    stop: () => web.end(),
  })
}

async function rush(bed: Bed, at: TestLine, people: number): Promise<Figure> {
  await bed.clear()
  await at.clear()
  const startedAt = performance.now()
  const report = await runCrowd(at, {
    people,
    joinSeconds,
    // So that about six of ten have had enough before it is their turn.
    patienceSeconds: 600,
    quotaAt: () => people / 4_000,
    serviceSeconds: 1.5,
    random: seededRandom(1),
    stepMs: 500,
    remembers: false,
  })
  const seconds = (performance.now() - startedAt) / 1000
  const numbers = report.started.map(({ ticket }) => ticket.number)
  if (numbers.some((number, index) => number < (numbers[index - 1] ?? 0))) {
    throw new Error('somebody had their turn out of order')
  }
  const left = 1 - numbers.length / people
  if (left < 0.55 || left > 0.65) throw new Error(`${Math.round(left * 100)} % left`)
  return { value: (report.polls + people) / seconds }
}

interface Filled {
  readonly all: readonly Ticket[]
  readonly memory: Figure
}

async function fill(bed: Bed, at: TestLine, people: number): Promise<Filled> {
  const before = await usedMb(bed.redis)
  const all: Ticket[] = []
  while (all.length < people) {
    const lengths = { length: Math.min(1_000, people - all.length) }
    all.push(...(await Promise.all(Array.from(lengths, () => at.join()))))
  }
  return { all, memory: { value: (await usedMb(bed.redis)) - before } }
}

/** What a line takes at the very least: an order and leases, by ids as long as ours. */
async function fillPlain({ redis }: Bed, tickets: readonly Ticket[]): Promise<Figure> {
  const before = await usedMb(redis)
  for (let at = 0; at < tickets.length; at += 1_000) {
    const some = tickets.slice(at, at + 1_000).flatMap(({ id, number }) => [number, id])
    await redis
      .multi()
      .zadd('bench:order', ...some)
      .zadd('bench:leases', ...some)
      .exec()
  }
  return { value: (await usedMb(redis)) - before }
}

async function askPlain(redis: Redis, { id }: Ticket): Promise<void> {
  await redis.pipeline().zadd('bench:leases', Date.now(), id).zrank('bench:order', id).exec()
}

async function ask(
  tickets: readonly Ticket[],
  poll: (ticket: Ticket) => Promise<unknown>,
): Promise<Figure> {
  const startedAt = performance.now()
  let next = 0
  const one = async () => {
    for (let ticket = tickets[next++]; ticket; ticket = tickets[next++]) await poll(ticket)
  }
  await Promise.all(Array.from({ length: inFlight }, one))
  return { value: tickets.length / ((performance.now() - startedAt) / 1000) }
}

async function usedMb(redis: Redis): Promise<number> {
  const info = await redis.info('memory')
  return Number(/used_memory:(\d+)/.exec(info)?.[1]) / 1e6
}
