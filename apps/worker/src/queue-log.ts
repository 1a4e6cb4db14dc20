import type { Log } from '@anteroom/runtime'
import { Logger } from 'graphile-worker'

/**
 * graphile-worker's own logger hands over whole job rows as metadata and quotes errors in its messages. Only that it
 * said something, and how grave it was, goes on to our log; what matters about a job our own lines tell.
 */
export function createQueueLogger(log: Log): Logger {
  return new Logger(({ workerId }) => (level) => {
    const fields = typeof workerId === 'string' ? { workerId } : {}
    if (level === 'error') log.error('queue.error', fields)
    if (level === 'warning') log.debug('queue.warning', fields)
  })
}
