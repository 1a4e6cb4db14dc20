import { jobs, type PayloadOf } from '@anteroom/job-contracts'
import type { CallOptions, StateIdApplicant, VendorAnswer } from '@anteroom/vendor-clients'
import { defineTask, type TaskContext } from '../define-task.ts'

export const resolutionProofing = defineTask(
  jobs.resolutionProofing,
  ['resolution', 'state-id'],
  async (applicant, { ask, vendors }) => {
    const { resolution, stateId } = await ask<Answers>({
      resolution: {
        vendor: 'resolution',
        timeoutMs: vendors.resolution.timeoutMs,
        call: (options) => vendors.resolution.client.check(applicant, options),
      },
      ...stateIdQuestion(applicant, vendors),
    })

    return {
      verified: resolution.match && stateId?.match !== false,
      references: { resolution: resolution.reference, stateId: stateId?.reference },
    }
  },
)

type Answers = { resolution: VendorAnswer; stateId?: VendorAnswer }

/** Nobody is asked about a card that the person does not have. */
function stateIdQuestion(
  applicant: PayloadOf<typeof jobs.resolutionProofing>,
  { stateId }: TaskContext['vendors'],
) {
  const card = cardOf(applicant)
  if (!card) return {}
  return {
    stateId: {
      vendor: 'state-id' as const,
      timeoutMs: stateId.timeoutMs,
      call: (options: CallOptions) => stateId.client.check(card, options),
    },
  }
}

function cardOf(
  applicant: PayloadOf<typeof jobs.resolutionProofing>,
): StateIdApplicant | undefined {
  const { stateIdNumber, stateIdJurisdiction } = applicant
  if (stateIdNumber === undefined || stateIdJurisdiction === undefined) return undefined
  return { ...applicant, stateIdNumber, stateIdJurisdiction }
}
