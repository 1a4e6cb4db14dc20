import {
  createLog,
  createMetrics,
  createS3SettingsReader,
  createShutdown,
  errorFacts,
  loadSettings,
  onSignals,
  quietConsole,
  SettingsError,
  startInternalServer,
} from '@anteroom/runtime'
import { workerSettings } from './config.ts'
import { createConsole } from './console/create-console.ts'
import { startCredentialSweep } from './credentials/credential-sweep.ts'
import { createDeps } from './deps.ts'
import { startImageSweep } from './documents/image-sweep.ts'
import { createLeaseHolder } from './lease/lease-holder.ts'
import { startLeaseSweep } from './lease/lease-sweep.ts'
import { startSweep } from './ledger/sweep.ts'
import { startQueue } from './queue.ts'
import { startQueueFigures } from './queue-figures.ts'
import { startQuotaUpkeep } from './quota/quotas.ts'
import { readinessOf } from './readiness.ts'
import { createTaskList } from './tasks/index.ts'

async function main(): Promise<void> {
  const config = await loadSettings(workerSettings, {
    env: process.env,
    readS3: createS3SettingsReader(),
  })
  const { environment, internalHost: host, internalPort: port } = config
  const log = createLog({ service: 'worker', level: config.logLevel, file: config.logFile })
  const metrics = createMetrics('worker')
  const shutdown = createShutdown(log, {
    stepMs: config.shutdownGraceMs + 5_000,
    totalMs: config.shutdownGraceMs + 10_000,
  })
  onSignals({ process, shutdown, log })
  quietConsole(console, log)

  const deps = await createDeps(config, { log, metrics, shutdown })
  const operators = await createConsole(config, deps)
  if (operators) shutdown.add('console', operators.close)
  const ready = readinessOf(deps)
  const internal = await startInternalServer({ host, port, ready, metrics, mounted: operators })
  shutdown.add('internal-server', () => internal.close())
  const sweep = startSweep(deps)
  shutdown.add('sweep', () => sweep.stop())
  const queueFigures = startQueueFigures(deps)
  shutdown.add('queue-figures', () => queueFigures.stop())
  const quotaUpkeep = startQuotaUpkeep(deps)
  shutdown.add('quota-upkeep', () => quotaUpkeep.stop())
  if (deps.documents) {
    const { store } = deps.documents
    const imageSweep = startImageSweep({ ...deps, store, keepSeconds: config.documentKeepSeconds })
    shutdown.add('image-sweep', () => imageSweep.stop())
  }
  const credentialSweep = startCredentialSweep(deps)
  shutdown.add('credential-sweep', () => credentialSweep.stop())
  // What a process that has lost its lease still runs is no longer its own: exiting ends its calls, and nothing is said.
  const onLost = () => process.exit(1)
  const lease = createLeaseHolder({
    pool: deps.pool,
    databaseUrl: config.databaseUrl,
    log,
    onLost,
  })
  shutdown.add('lease', lease.release)
  const leaseSweep = startLeaseSweep({ ...deps, heldMs: lease.heldMs })
  shutdown.add('lease-sweep', leaseSweep.stop)
  const { concurrentJobs, shutdownGraceMs, jobsEnabled } = config
  const taskList = createTaskList(deps)
  if (jobsEnabled) {
    const queue = await startQueue({
      pool: deps.queuePool,
      taskList,
      concurrentJobs,
      shutdownGraceMs,
      log,
      lease,
    })
    shutdown.add('queue', queue.stop)
  }
  shutdown.add('readiness', () => internal.draining())
  log.info('process.ready', { environment, count: jobsEnabled ? concurrentJobs : 0 })
}

await main().catch((error: unknown) => {
  // Other messages may quote what a server said; where it happened and a code are enough to look further.
  const { code, where = '' } = errorFacts(error)
  const said = error instanceof SettingsError ? error.message : `${code} ${where}`
  process.stderr.write(`worker cannot start: ${said}\n`)
  process.exit(1)
})
