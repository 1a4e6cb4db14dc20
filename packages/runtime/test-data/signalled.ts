// A process as main.ts of a service is one, for the tests of signals. The first argument says how it ends.
import process from 'node:process'
import { createLog } from '../src/log.ts'
import { createShutdown } from '../src/shutdown.ts'
import { onSignals } from '../src/signals.ts'

const log = createLog({ service: 'signalled', level: 'info' })
const shutdown = createShutdown(log)
onSignals({ process, shutdown, log })

const keepAlive = setInterval(() => {}, 1000)
shutdown.add('timer', async () => {
  clearInterval(keepAlive)
  if (process.argv[2] === 'throw-while-stopping') throwLater()
  await new Promise((resolve) => setTimeout(resolve, 50))
})
log.info('process.started')

if (process.argv[2] === 'throw') throwLater()
if (process.argv[2] === 'reject')
  void Promise.reject(Object.assign(new Error('hunter2'), { code: 'EX_PII' }))

function throwLater() {
  setTimeout(() => {
    throw new TypeError('hunter2\n    at hunter2 (hunter2.ts)')
  })
}
