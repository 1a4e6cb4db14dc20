import { createKeyring, createLocalKeyProvider, createSealer } from '@anteroom/crypto'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { jobs, outcome } from '@anteroom/job-contracts'
import { Redis } from 'ioredis'
import type { z } from 'zod'
import type { OutcomeSeen } from '../history.ts'

/** Looks into Redis beside everybody else. */
export interface OutcomeWatch {
  /** Results it could open before they were fetched and deleted. */
  readonly seen: ReadonlyMap<string, OutcomeSeen>
  /** Job ids whose outcome lies in Redis now. */
  keysLeft(): Promise<string[]>
  flush(): Promise<void>
  stop(): void
}

type Result = Pick<OutcomeSeen, 'verdict' | 'references'>

/** What each check finds, in one shape. An outcome does not say whose it is: only the right name opens it. */
const results: Readonly<Record<string, z.ZodType<Result>>> = {
  'resolution-proofing': jobs.resolutionProofing.result.transform(
    ({ verified, references }): Result => ({
      verdict: verified ? 'verified' : 'not-verified',
      references: Object.values(references).filter((one) => one !== undefined),
    }),
  ),
  'document-proofing': jobs.documentProofing.result.transform(
    (found): Result => ({
      verdict: found.verdict,
      references: 'reference' in found && found.reference !== undefined ? [found.reference] : [],
    }),
  ),
}

/** Opens outcomes as the web does, with the stack's local keys; what was sealed by KMS stays closed. */
export async function watchOutcomes({ redis: server, secrets }: LocalStack): Promise<OutcomeWatch> {
  const seen = new Map<string, OutcomeSeen>()
  const redis = connect(server.urls.admin)
  const subscriber = connect(server.urls.admin)
  const sealer = createSealer({
    provider: createLocalKeyProvider({ keys: { result: bytes(secrets.localResult) } }),
    keyring: createKeyring([{ id: '1', key: bytes(secrets.sessionEncryption) }]),
    environment: 'local',
  })

  async function look(jobId: string): Promise<void> {
    const text = await redis.get(`outcome:${jobId}`)
    if (text === null) return
    const found = outcome.parse(JSON.parse(text))
    if (found.state === 'failed') return
    for (const [name, result] of Object.entries(results)) {
      const slot = { purpose: 'result', name, id: jobId } as const
      const opened = await sealer.open(slot, found.sealed).catch(() => undefined)
      if (!opened) continue
      seen.set(jobId, { jobId, ...result.parse(JSON.parse(Buffer.from(opened).toString('utf8'))) })
    }
  }

  subscriber.on('message', (_channel, jobId) => {
    // What cannot be read or opened is not evidence of anything: Redis may be gone, the key may be of KMS.
    look(jobId).catch(() => undefined)
  })
  await subscriber.subscribe('outcomes')
  return {
    seen,
    async keysLeft() {
      const keys = await redis.keys('outcome:*')
      return keys.map((key) => key.slice('outcome:'.length))
    },
    async flush() {
      await redis.flushall()
    },
    stop() {
      redis.disconnect()
      subscriber.disconnect()
    },
  }
}

function connect(url: string): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 100 })
  redis.on('error', () => undefined)
  return redis
}

const bytes = (key: string): Uint8Array => Buffer.from(key, 'base64url')
