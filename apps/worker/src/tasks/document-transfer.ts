import { jobs } from '@anteroom/job-contracts'
import { defineTask } from '../define-task.ts'
import { moveFile } from '../transfers/move-file.ts'
import { TransferProblemError } from '../transfers/transfer-problem-error.ts'

export const documentTransfer = defineTask(
  jobs.documentTransfer,
  [],
  async (payload, { transfers, signal, traceparent, steps, progress }) => {
    const destination = await transfers?.destinationOf(payload.destination)
    if (!transfers || !destination) throw new TransferProblemError('destination-unknown')
    const { correlationId } = payload
    await progress(0)
    const moved = await moveFile({
      payload,
      source: transfers.sourceOf(payload),
      destination,
      call: { signal, traceparent, correlationId },
      steps,
      progress,
    })
    await progress(moved.bytes)
    return moved
  },
)
