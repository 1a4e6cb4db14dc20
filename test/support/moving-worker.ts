import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openTextFor, sealTextFor } from '@anteroom/crypto'
import { enqueueJobs, newJobId, toJobRider } from '@anteroom/job-channel'
import {
  destinationSecretName,
  jobs,
  outcome,
  packJob,
  type ResultOf,
} from '@anteroom/job-contracts'
import { Redis } from 'ioredis'
import pg from 'pg'
import type { TransferPayload } from '../../apps/worker/src/transfers/transfers.ts'
import { localSealer } from './local-sealer.ts'
import { type RunningService, startService } from './service.ts'
import { startTestStack } from './stack.ts'
import type { TransferBed } from './transfer-bed.ts'
import { type Kind, s3Host, sftpHost } from './transfer-door.ts'
import { order } from './transfer-files.ts'

/** The whole worker, as the build made it, in a process of its own for each file that it moves. */
export interface MovingWorker {
  move(kind: Kind, changes?: Partial<TransferPayload>): Promise<Measured>
  stop(): Promise<void>
}

export interface Measured {
  readonly result: ResultOf<typeof jobs.documentTransfer>
  readonly seconds: number
  /** What the process held when it was ready, and the most it held at any time. Millions of bytes. */
  readonly readyMb: number
  readonly peakMb: number
}

const { documentTransfer: job } = jobs

/** @param directory A folder that there is, for files of its own. */
export async function startMovingWorker(
  bed: TransferBed,
  directory: string,
): Promise<MovingWorker> {
  const stack = await startTestStack({ keys: 'local' })
  const sealer = localSealer(stack)
  const web = new pg.Pool({ connectionString: stack.addresses.databaseUrls.web, max: 1 })
  web.on('error', () => undefined)
  const redis = new Redis(stack.redis.urls.admin)
  const file = join(directory, 'destinations.yaml')
  const { facts, graph, receiver, sourcePort } = bed
  const caFile = join(directory, 'ca.pem')
  await writeFile(caFile, facts.ca)
  bed.graphTrouble.uploadOrigin = `https://localhost:${graph.port}`
  const seal = (id: string, text: string) =>
    sealTextFor(sealer, 'settings')({ name: destinationSecretName, id }, text)
  const destinations = [
    {
      ...{ name: 'graph', type: 'graph', tenant: 'tenant', client_id: 'client' },
      client_secret: await seal('graph', 'secret'),
      ...{ drive_id: 'drive', folder: 'in', login_url: 'https://login.vendors.test' },
      graph_url: 'https://graph.vendors.test/v1.0',
    },
    {
      ...{ name: 's3', type: 's3', bucket: 'county', endpoint: `https://${s3Host}`, prefix: 'in' },
      access_key_id: 'AKIAWORKER',
      secret_access_key: await seal('s3', 'secret'),
    },
    { name: 'https', type: 'https', url: `https://localhost:${receiver.port}/in` },
    {
      ...{ name: 'sftp', type: 'sftp', host: sftpHost, username: 'anteroom', folder: '/in' },
      ...{ private_key: await seal('sftp', facts.sftpClientKey), host_key: facts.sftpHostKey },
    },
  ]
  // JSON is YAML too.
  await writeFile(file, JSON.stringify({ destinations }))
  const settingsFile = join(directory, 'worker.yaml')
  await writeFile(settingsFile, JSON.stringify(stack.settingsFor('worker')))
  const settings = {
    ANTEROOM_SETTINGS: `file:${settingsFile}`,
    ANTEROOM_OUTBOUND_PROXY_URL: facts.proxyUrl,
    ANTEROOM_OUTBOUND_CA_FILE: caFile,
    ANTEROOM_TRANSFER_DESTINATIONS_FILE: file,
    ANTEROOM_TRANSFER_PRIVATE_HOSTS: [sourcePort, receiver.port, graph.port]
      .map((port) => `localhost:${port}`)
      .join(),
    ANTEROOM_S3_ENDPOINT: `https://${s3Host}`,
    AWS_ACCESS_KEY_ID: 'AKIAWORKER',
    AWS_SECRET_ACCESS_KEY: 'secret',
  }

  async function enqueue(kind: Kind, changes: Partial<TransferPayload>): Promise<string> {
    const id = newJobId()
    const url = `https://localhost:${sourcePort}/permit.pdf`
    const payload = order({
      ...{ destination: kind, path: id, maxBytes: 2_000_000_000 },
      source: { type: 'url', url, hosts: ['localhost'] },
      ...changes,
    })
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    const wire = await packJob(job, payload, {
      id,
      traceparent,
      seal: sealTextFor(sealer, 'payload'),
    })
    await enqueueJobs(web, [toJobRider(job, wire)])
    return id
  }

  async function untilEnded(id: string): Promise<Measured['result']> {
    for (;;) {
      const text = await redis.get(`outcome:${id}`)
      const ended = text === null ? undefined : outcome.parse(JSON.parse(text))
      if (ended?.state === 'failed') throw new Error(`The file was not moved: ${text}`)
      if (ended) {
        const opened = await openTextFor(sealer, 'result')({ name: job.name, id }, ended.sealed)
        return job.result.parse(JSON.parse(opened))
      }
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }

  return {
    async move(kind, changes = {}) {
      const worker = await startService('worker', stack, { built: true, settings })
      try {
        const readyMb = await residentMb(worker, 'VmRSS')
        const startedAt = performance.now()
        const id = await enqueue(kind, changes)
        const result = await Promise.race([untilEnded(id), failed(worker)])
        const seconds = (performance.now() - startedAt) / 1_000
        return { result, seconds, readyMb, peakMb: await residentMb(worker, 'VmHWM') }
      } finally {
        await worker.stop()
      }
    },
    async stop() {
      await web.end()
      redis.disconnect()
      await stack.stop()
    },
  }
}

async function failed(worker: RunningService): Promise<never> {
  await worker.untilLogged('job.deferred')
  throw new Error(worker.output.join('\n'))
}

async function residentMb({ pid }: RunningService, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const [, kilobytes = ''] = new RegExp(`${field}:\\s+(\\d+) kB`).exec(status) ?? []
  return (Number(kilobytes) * 1024) / 1e6
}
