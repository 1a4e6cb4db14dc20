export { withDeadline } from './deadline.ts'
export { type ErrorFacts, errorFacts } from './error-facts.ts'
export {
  type InternalServer,
  type InternalServerOptions,
  startInternalServer,
} from './internal-server.ts'
export { keyList } from './key-list.ts'
export {
  createLog,
  type Log,
  type LogEvent,
  type LogLevel,
  type LogOptions,
} from './log.ts'
export { type LogFields, logFieldTypes } from './log-fields.ts'
export { type MetricDefinition, metricDefinitions } from './metric-definitions.ts'
export { createMetrics, type Metrics } from './metrics.ts'
export { parseJson } from './parse-json.ts'
export { quietConsole } from './quiet-console.ts'
export { readYaml } from './read-yaml.ts'
export { commonSettings, serviceSettings, withServiceChecks } from './service-settings.ts'
export { flag, wholeNumber } from './setting-types.ts'
export { loadSettings, type SettingsSources } from './settings.ts'
export { type SettingProblem, SettingsError } from './settings-error.ts'
export type { ReadS3 } from './settings-file.ts'
export { createS3SettingsReader, type S3SettingsReaderOptions } from './settings-s3.ts'
export { type SettingRow, settingsTable } from './settings-table.ts'
export { createShutdown, type Shutdown, type ShutdownOptions } from './shutdown.ts'
export { type OnSignalsOptions, onSignals } from './signals.ts'
export { childTraceparent, newTraceparent, traceIdOf } from './trace.ts'
