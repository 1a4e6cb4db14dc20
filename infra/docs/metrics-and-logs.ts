import { logFieldTypes, type MetricDefinition, metricDefinitions } from '@anteroom/runtime'
import type { LoggedEvent } from './log-events.ts'
import { code, generatedNotice, table } from './markdown.ts'

/** `docs/metrics-and-logs.md`: what a running service tells those who run it. */
export function metricsAndLogsPage(events: readonly LoggedEvent[]): string {
  return [
    '# Metrics and logs',
    generatedNotice,
    '## Metrics',
    metricsIntroduction,
    metricsTable(),
    '## Log events',
    logIntroduction,
    table(
      ['Event', 'Service', 'Level'],
      events.map(({ event, service, level }) => [code(event), service, level]),
    ),
    '## Log fields',
    fieldsIntroduction,
    table(
      ['Field', 'Type'],
      Object.entries(logFieldTypes).map(([name, type]) => [code(name), type]),
    ),
    '',
  ].join('\n\n')
}

const metricsIntroduction = `Both services serve \`/metrics\` in the Prometheus text format on their internal port, beside \`/livez\` and
\`/readyz\`. Every metric has the label \`service\`; the metrics of the Node process itself come with them.`

const logIntroduction = `One JSON object per line on standard output, and in the file that \`log_file\` names. The event is \`msg\`.`

const fieldsIntroduction = `Besides \`level\`, \`time\`, \`service\` and \`msg\`, a line has only these fields. A field that is not listed here, or has
another type, is dropped. A new field is added in \`packages/runtime/src/log-fields.ts\`, and adding one is a privacy review.`

function metricsTable(): string {
  const definitions: readonly (readonly [string, MetricDefinition])[] =
    Object.entries(metricDefinitions)
  return table(
    ['Metric', 'Type', 'Labels', 'Meaning'],
    definitions.map(([name, { type, labels, help }]) => [
      code(name),
      type,
      labels.map(code).join(', '),
      help,
    ]),
  )
}
