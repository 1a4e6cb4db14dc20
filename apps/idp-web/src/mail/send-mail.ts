import { type Db, enqueueJobs, newJobId, toJobRider } from '@anteroom/job-channel'
import { jobs, packJob, type Seal } from '@anteroom/job-contracts'
import { newTraceparent } from '@anteroom/runtime'
import type { SendMail } from './mail.ts'

interface SendMailDeps {
  readonly db: Db
  readonly sealPayload: Seal
}

export function createSendMail({ db, sealPayload: seal }: SendMailDeps): SendMail {
  const job = jobs.emailDelivery
  return async (mail, tx = db) => {
    const packing = { id: newJobId(), traceparent: newTraceparent(), seal }
    const packed = await packJob(job, { ...mail, language: 'en-US' }, packing)
    await enqueueJobs(tx, [toJobRider(job, packed)])
  }
}
