import type { Jobs } from '@anteroom/job-contracts'
import type { TaskList } from 'graphile-worker'
import type { TaskFor } from '../define-task.ts'
import type { JobDeps, TaskDeps } from '../job-deps.ts'
import { addressProofing } from './address-proofing.ts'
import { credentialIssuance } from './credential-issuance.ts'
import { credentialRevocations } from './credential-revocations.ts'
import { documentProofing } from './document-proofing.ts'
import { documentTransfer } from './document-transfer.ts'
import { emailDelivery } from './email-delivery.ts'
import { quotaControl } from './quota-control.ts'
import { reportAgain } from './report-again.ts'
import { resolutionProofing } from './resolution-proofing.ts'
import { riscDelivery } from './risc-delivery.ts'
import { webhookDelivery } from './webhook-delivery.ts'

// Forgetting a job's task, or pairing it with another job, does not compile.
const tasks = {
  documentProofing,
  resolutionProofing,
  addressProofing,
  credentialIssuance,
  credentialRevocations,
  emailDelivery,
  quotaControl,
  reportAgain,
  riscDelivery,
  documentTransfer,
  webhookDelivery,
} satisfies {
  [Key in keyof Jobs]: TaskFor<Jobs[Key]>
}

export function createTaskList(deps: JobDeps & TaskDeps): TaskList {
  return Object.fromEntries(Object.values(tasks).map((task) => [task.job.name, task.bind(deps)]))
}
