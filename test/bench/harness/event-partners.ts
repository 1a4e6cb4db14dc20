import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issueCertificates } from '@anteroom/infra/local/certificates.ts'
import { startProxy } from '@anteroom/infra/local/proxy.ts'
import type { EventReceiverCalls } from '../sides/event-receiver.ts'
import type { Environment } from './bed.ts'
import { type Child, startChild } from './child.ts'

/** Partners that are told of security events, the one receiver that they share, and the proxy on the way to it. */
export interface EventPartners {
  readonly receiver: Child<EventReceiverCalls>
  readonly url: string
  readonly caFile: string
  /** Beside the settings of each. */
  readonly environments: { readonly web: Environment; readonly worker: Environment }
  stop(): Promise<void>
}

export async function startEventPartners(count: number): Promise<EventPartners> {
  const folder = await mkdtemp(join(tmpdir(), 'anteroom-bench-'))
  const certificates = join(folder, 'certificates')
  const { caFile } = await issueCertificates(certificates, ['localhost'])
  const receiver = await startChild<EventReceiverCalls>('event-receiver.ts', {
    env: {
      BENCH_CERT_FILE: join(certificates, 'cert.pem'),
      BENCH_KEY_FILE: join(certificates, 'key.pem'),
    },
  })
  const port = await receiver.call('port')
  const proxy = await startProxy({
    port: 0,
    credentials: { username: 'worker', password: 'bench' },
    allow: { [`127.0.0.1:${port}`]: { host: '127.0.0.1', port } },
  })
  const url = `https://localhost:${port}/events`
  const partnersFile = join(folder, 'partners.json')
  // JSON is YAML too.
  await writeFile(partnersFile, JSON.stringify({ partners: partnersAt(url, count) }))
  const shared = { ANTEROOM_PARTNERS_FILE: partnersFile }
  return {
    receiver,
    url,
    caFile,
    environments: {
      web: shared,
      worker: {
        ...shared,
        ANTEROOM_OUTBOUND_PROXY_URL: proxy.url,
        ANTEROOM_OUTBOUND_CA_FILE: caFile,
        ANTEROOM_PUSH_PRIVATE_HOSTS: `localhost:${port}`,
      },
    },
    async stop() {
      await receiver.stop()
      await proxy.stop()
      await rm(folder, { recursive: true })
    },
  }
}

function partnersAt(url: string, count: number) {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return Array.from({ length: count }, (_, index) => ({
    id: `partner-${index}`,
    name: `Partner ${index}`,
    redirect_uris: [`https://partner-${index}.example/callback`],
    client_auth: 'private_key_jwt',
    jwks: { keys: [publicKey.export({ format: 'jwk' })] },
    security_events: { url, per_minute: 100_000 },
  }))
}
