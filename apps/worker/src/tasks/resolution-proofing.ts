import { jobs } from '@anteroom/job-contracts'
import { defineTask } from '../define-task.ts'

export const resolutionProofing = defineTask(
  jobs.resolutionProofing,
  ['resolution', 'state-id'],
  async (applicant, { ask, vendors }) => {
    const { resolution, stateId } = await ask({
      resolution: {
        vendor: 'resolution',
        timeoutMs: vendors.resolution.timeoutMs,
        call: (options) => vendors.resolution.client.check(applicant, options),
      },
      stateId: {
        vendor: 'state-id',
        timeoutMs: vendors.stateId.timeoutMs,
        call: (options) => vendors.stateId.client.check(applicant, options),
      },
    })

    return {
      verified: resolution.match && stateId.match,
      references: { resolution: resolution.reference, stateId: stateId.reference },
    }
  },
)
