import autocannon from 'autocannon'
import { type Child, startChild } from '../harness/child.ts'
import { type Figure, inTurn, type Row } from '../harness/row.ts'
import type { BareFastifyCalls } from '../sides/bare-fastify.ts'
import type { OurWebCalls } from '../sides/our-web.ts'

const connections = 64

/** Answers a second of the question that every waiting page asks, and of a route that has nothing to find out. */
export const waitingPoll: Row<'lean' | 'production'> = {
  name: 'waiting-poll',
  lines: {
    lean: {
      title: 'waiting poll, the route alone',
      reference: 'bare Fastify route',
      unit: 'req/s',
      goals: [{ of: 'ratio', at: 'least', value: 0.55 }],
    },
    production: {
      title: 'waiting poll, production settings',
      reference: 'bare Fastify route',
      unit: 'req/s',
      goals: [{ of: 'ratio', at: 'least', value: 0.25 }],
    },
  },
  async prepare({ bed, size, keep, ...options }) {
    const bare = keep(await startChild<BareFastifyCalls>('bare-fastify.ts', options))
    const env = { ...bed.environments.web, ANTEROOM_PUBLIC_URL: 'https://anteroom.example' }
    const startWeb = async () =>
      keep(await startChild<OurWebCalls>('our-web.ts', { ...options, env }))
    await bed.clear()
    const targets = {
      bare: { child: bare, url: await bare.call('url'), cookie: '' },
      lean: await targetOf(await startWeb(), 'waiting routes alone'),
      production: await targetOf(await startWeb(), 'whole'),
    }
    for (const target of Object.values(targets)) await ask(target, size.pollSeconds)

    return {
      async round(oursFirst) {
        const reference = () => ask(targets.bare, size.pollSeconds)
        const found = await inTurn(oursFirst, () => ask(targets.lean, size.pollSeconds), reference)
        const ours = await ask(targets.production, size.pollSeconds)
        return { lean: found, production: { ours, reference: found.reference } }
      },
    }
  },
}

interface Target {
  readonly child: Pick<Child<BareFastifyCalls>, 'usage'>
  readonly url: string
  readonly cookie: string
}

async function targetOf(
  child: Child<OurWebCalls>,
  how: Parameters<OurWebCalls['listen']>[0],
): Promise<Target> {
  return { child, url: await child.call('listen', how), cookie: await child.call('waitingCookie') }
}

async function ask({ child, url, cookie }: Target, seconds: number): Promise<Figure> {
  const before = await child.usage()
  const found = await autocannon({
    url: `${url}/verify/status`,
    connections,
    duration: seconds,
    headers: { cookie },
  })
  const { cpuUs } = await child.usage()
  const answered = found['2xx']
  if (found.non2xx > 0 || found.errors > 0 || answered === 0) {
    throw new Error(`the poll was refused: ${found.non2xx} refusals, ${found.errors} errors`)
  }
  return { value: answered / found.duration, nodeCpuUs: (cpuUs - before.cpuUs) / answered }
}
