import { makeWorkerUtils } from 'graphile-worker'
import pg from 'pg'
import { inFlight, type Load, oneByOne } from '../harness/pace.ts'
import { serve } from '../harness/serve.ts'

/** graphile-worker's own addJob, with a connection for each call that is in flight. */

const pgPool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE_URL, max: 24 })
const onLoss = () => undefined
pgPool.on('error', onLoss)
pgPool.on('connect', (client) => client.on('error', onLoss))
const utils = await makeWorkerUtils({ pgPool })

const calls = {
  add: ({ payload, ...load }: Load & { payload: unknown }) =>
    inFlight(load, () => utils.addJob('nothing', payload)),
  addOneByOne: (count: number) =>
    oneByOne(count, () => utils.addJob('nothing', { sentAtNs: String(process.hrtime.bigint()) })),
}

export type BareEnqueuerCalls = typeof calls

serve(calls, async () => {
  await utils.release()
  await pgPool.end()
})
