import { join } from 'node:path'
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
import { startAccountKeeper } from './account/account-keeper.ts'
import { buildApp } from './app.ts'
import { hasAccounts, issuesCredentials, webSettings } from './config.ts'
import { createDeps, createRedis } from './deps.ts'
import { startKeeper } from './line/keeper.ts'
import { readinessOf } from './readiness.ts'
import { startRecords } from './records/records.ts'
import { startEventKeeper } from './security-events/keeper.ts'
import { startTransferKeeper } from './transfers/transfer-keeper.ts'

// Both `src/main.ts` and the built `dist/main.js` find the assets in the app's own `dist`.
const assetsFolder = join(import.meta.dirname, '../dist/assets')

async function main(): Promise<void> {
  const config = await loadSettings(webSettings, {
    env: process.env,
    readS3: createS3SettingsReader(),
  })
  const { environment, host, port, internalHost, internalPort } = config
  const log = createLog({ service: 'idp-web', level: config.logLevel, file: config.logFile })
  const metrics = createMetrics('idp-web')
  const shutdown = createShutdown(log)
  onSignals({ process, shutdown, log })
  quietConsole(console, log)

  const deps = await createDeps(config, { log, metrics, shutdown, assetsFolder })
  startRecords(deps, createRedis(config, log), shutdown)
  if (hasAccounts(config)) startAccountKeeper(deps, shutdown)
  if (issuesCredentials(config) && config.jobsEnabled) startKeeper(deps.keeper, log, shutdown)
  if (deps.eventKeeper) startEventKeeper(deps.eventKeeper, log, shutdown)
  startTransferKeeper(deps, shutdown)
  const app = await buildApp(deps)
  const internal = await startInternalServer({
    host: internalHost,
    port: internalPort,
    ready: readinessOf(deps),
    metrics,
  })
  shutdown.add('internal-server', () => internal.close())
  await app.listen({ host, port })
  shutdown.add('web-server', () => app.close())
  shutdown.add('readiness', () => internal.draining())
  log.info('process.ready', { environment, port })
}

await main().catch((error: unknown) => {
  // Other messages may quote what a server said; where it happened and a code are enough to look further.
  const { code, where = '' } = errorFacts(error)
  const said = error instanceof SettingsError ? error.message : `${code} ${where}`
  process.stderr.write(`idp-web cannot start: ${said}\n`)
  process.exit(1)
})
