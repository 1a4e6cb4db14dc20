import { jobs } from '@anteroom/job-contracts'
import { defineTask } from '../define-task.ts'

export const addressProofing = defineTask(
  jobs.addressProofing,
  ['address'],
  async (applicant, { ask, vendors }) => {
    const { address } = await ask({
      address: {
        vendor: 'address',
        timeoutMs: vendors.address.timeoutMs,
        call: (options) => vendors.address.client.check(applicant, options),
      },
    })

    return { verified: address.match, references: { address: address.reference } }
  },
)
