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
    '## Traces',
    traces,
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

const traces = `Every request to the web gets a trace of its own, whatever the client sent (W3C Trace Context, version 00), and what it sets off
belongs to it. Log lines have its id as \`traceId\`; each step outside has a span of its own.

| Step | Where it stands |
| --- | --- |
| The form is handed in | \`request.done\` of the web |
| The job waits | \`traceparent\` in the queue row, readable |
| The worker works on it | \`job.done\`, \`job.failed\` |
| A vendor is asked | the header \`traceparent\`, one span for each call |
| The answer is there | \`check.answered\` of the web, with the \`jobId\` and how long the person waited |
| Partners are told of a change to an account | \`risc.push\`, and the header \`traceparent\` of the push |
| A transfer is asked for | \`transfer.requested\`, and \`traceparent\` of its job |
| Its file is moved | the header \`traceparent\` of every request to a URL, to an HTTPS destination and to Graph |
| It has ended | \`transfer.ended\`; the trace is kept with the transfer, for as long |
| Its consumer is told | \`webhook.push\` and the header \`traceparent\` of each try, one span for each; \`webhook.delivered\`, also of a later round and of a replay |

What no request set off begins a trace: events that were held and are released, orders of operators, upkeep. The page that shows
an answer is another request, and so has another trace.`

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
