import { createHash } from 'node:crypto'
import { type Db, enqueueJobs, readOutcome, toJobRider } from '@anteroom/job-channel'
import { jobs, packJob, type Report } from '@anteroom/job-contracts'
import { newTraceparent } from '@anteroom/runtime'
import type { WebDeps } from '../deps.ts'
import { ifUnopenable } from '../if-unopenable.ts'

const job = jobs.credentialRevocations
const hourMs = 60 * 60 * 1_000

/** Asks the worker once an hour for the list of revoked credentials, so that no published one is much older. */
export async function askForRevocations(deps: WebDeps, tx: Db): Promise<void> {
  const madeAt = await deps.revocationLists?.madeAt(tx)
  const isDue = madeAt === undefined || deps.now() - madeAt.getTime() >= hourMs
  if (!deps.revocationLists || !isDue) return
  const packed = await packJob(
    job,
    { numbers: [] },
    { id: hourId(deps.now()), traceparent: newTraceparent(), seal: deps.sealPayload },
  )
  await enqueueJobs(tx, [toJobRider(job, packed)])
}

/** The same for an hour: however often it is asked, it is one job. */
function hourId(now: number): string {
  return createHash('sha256')
    .update(`${job.name} ${Math.floor(now / hourMs)}`)
    .digest('base64url')
}

/** Keeps the lists that the worker has signed, whoever asked for them: the upkeep here, or an operator who revokes. */
export async function takeRevocations(deps: WebDeps, reports: readonly Report[]): Promise<void> {
  const done = reports.filter(({ job: name, state }) => name === job.name && state === 'done')
  for (const { jobId } of done) await takeList(deps, jobId)
}

/**
 * The outcome is left to expire: taking the same list twice changes nothing. One that has expired already is not missed
 * for long, because the next list names everything that this one did.
 */
async function takeList(deps: WebDeps, jobId: string): Promise<void> {
  const { redis, openResult, revocationLists, log } = deps
  const outcome = await readOutcome(redis, jobId)
  if (!revocationLists || outcome?.state !== 'done') return log.warn('revocations.lost', { jobId })
  const text = await openResult({ name: job.name, id: jobId }, outcome.sealed).catch(ifUnopenable)
  const result = job.result.safeParse(text === undefined ? undefined : JSON.parse(text))
  const isKept = result.success && (await revocationLists.keep(result.data.list))
  if (isKept) log.info('revocations.kept', { jobId })
  else log.error('revocations.refused', { jobId })
}
