import { addressProofing } from './jobs/address-proofing.ts'
import { credentialIssuance } from './jobs/credential-issuance.ts'
import { credentialRevocations } from './jobs/credential-revocations.ts'
import { documentProofing } from './jobs/document-proofing.ts'
import { documentTransfer } from './jobs/document-transfer.ts'
import { emailDelivery } from './jobs/email-delivery.ts'
import { quotaControl } from './jobs/quota-control.ts'
import { reportAgain } from './jobs/report-again.ts'
import { resolutionProofing } from './jobs/resolution-proofing.ts'
import { riscDelivery } from './jobs/risc-delivery.ts'
import { webhookDelivery } from './jobs/webhook-delivery.ts'

/** Every job there is, once. A key is the camel case of its job's name. */
export const jobs = {
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
} as const

export type Jobs = typeof jobs
