import { jobs, WireError } from '@anteroom/job-contracts'
import { TransferError } from '@anteroom/vendor-clients'
import { defineTask } from '../define-task.ts'
import { DestinationRestsError } from '../transfers/destination-rests-error.ts'
import { moveFile } from '../transfers/move-file.ts'
import { TransferProblemError } from '../transfers/transfer-problem-error.ts'

export const documentTransfer = defineTask(
  jobs.documentTransfer,
  [],
  async (payload, { jobId, transfers, signal, traceparent, steps, progress, uselessFrom, now }) => {
    const { correlationId, sourceExpiresAt } = payload
    // That it is not kept is not sealed: what does not say so is not ours.
    if (payload.source.type === 'credential' && payload.deadLetter === undefined) {
      throw new WireError('PAYLOAD_UNREADABLE')
    }
    if (sourceExpiresAt !== undefined) {
      uselessFrom(sourceExpiresAt)
      if (now() >= sourceExpiresAt) throw new TransferError('source-expired')
    }
    const destination = await transfers?.destinationOf(payload.destination)
    if (!transfers || !destination) throw new TransferProblemError('destination-unknown')
    const { shares } = transfers
    const restMs = shares.restsForMs(payload, jobId)
    // Who asked to stop does not wait for a destination.
    if (restMs !== undefined && !(await steps.mustStop())) throw new DestinationRestsError(restMs)
    await progress(0)
    let isHeard = false
    const hear = () => {
      if (!isHeard) shares.heard(payload, true)
      isHeard = true
    }
    try {
      const moved = await moveFile({
        payload,
        source: transfers.sourceOf(payload),
        destination,
        call: { signal, traceparent, correlationId },
        steps,
        progress,
        now,
        taken: hear,
      })
      hear()
      await progress(moved.bytes)
      return moved
    } catch (error) {
      const reached = signal.aborted ? undefined : hasReached(error)
      if (reached !== undefined) shares.heard(payload, reached)
      throw error
    }
  },
)

/** Whether a try that failed had reached its destination; undefined if that is not known. */
function hasReached(error: unknown): boolean | undefined {
  if (!(error instanceof TransferError)) return undefined
  switch (error.code) {
    case 'destination-unreachable':
      return false
    case 'destination-busy':
    case 'destination-refused':
    case 'destination-full':
    case 'file-exists':
      return true
    default:
      return undefined
  }
}
