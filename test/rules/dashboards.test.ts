import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rows } from '@anteroom/infra/dashboards/panels.ts'
import { readAlerts } from '@anteroom/infra/dashboards/read-alerts.ts'
import { type MetricDefinition, metricDefinitions } from '@anteroom/runtime'
import { describe, expect, test } from 'vitest'
import { headingAnchors } from '../support/documents.ts'
import { readExpression } from '../support/promql.ts'
import { root } from '../support/root.ts'

/** What Prometheus puts on every series, and the services on theirs. */
const everywhere = ['job', 'instance', 'service']

/** Measured by Prometheus itself, or for every Node process. */
const foreign = new Set([
  'up',
  'process_start_time_seconds',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'nodejs_eventloop_lag_p99_seconds',
])

/** The labels of a series by its name; undefined if nothing measures it. */
function labelsOf(series: string): readonly string[] | undefined {
  if (foreign.has(series)) return everywhere
  const definitions: Readonly<Record<string, MetricDefinition>> = metricDefinitions
  const [, base = '', suffix = ''] = /^(.*?)(_bucket|_count|_sum)?$/.exec(series) ?? []
  const isHistogram = definitions[base]?.type === 'histogram'
  if (isHistogram !== (suffix !== '')) return undefined
  const own = definitions[base]?.labels
  return own && [...everywhere, ...own, ...(suffix === '_bucket' ? ['le'] : [])]
}

const alerts = readAlerts()
const expressions = [
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
  ...rows.flatMap(({ panels }) =>
    panels.flatMap(({ title, queries }) =>
      Object.values(queries).map((query) => [title, query] as const),
    ),
  ),
]

describe.each(expressions)('%s', (_title, expression) => {
  const { metrics, groupedBy, isWhole } = readExpression(expression)

  test('asks for what is measured, by labels that it has', () => {
    expect(isWhole).toBe(true)
    expect(metrics.length).toBeGreaterThan(0)
    const unknown = metrics.flatMap(({ name, labels }) => {
      const known = labelsOf(name)
      if (!known) return [name]
      return [...labels, ...groupedBy]
        .filter((label) => !known.includes(label))
        .map((label) => `${name}{${label}}`)
    })
    expect(unknown).toEqual([])
  })
})

describe.each(alerts.map((rule) => [rule.alert, rule] as const))('%s', (_name, rule) => {
  test('leads to a chapter of a runbook, which names it', () => {
    const [path = '', anchor = ''] = rule.annotations.runbook.split('#')
    const file = join(root, path)

    expect(path).toMatch(/^docs\/runbooks\//)
    expect(existsSync(file)).toBe(true)
    expect(headingAnchors(readFileSync(file, 'utf8'))).toContain(anchor)
    expect(readFileSync(file, 'utf8')).toContain(`\`${rule.alert}\``)
  })
})

test('every figure of the queue, the line, the vendors, the partners and the transfers is on the dashboard or wakes somebody', () => {
  const asked = new Set(
    expressions.flatMap(([, expression]) =>
      readExpression(expression).metrics.map(({ name }) =>
        name.replace(/_(bucket|count|sum)$/, ''),
      ),
    ),
  )
  const needed = Object.keys(metricDefinitions).filter((name) =>
    /^(queue|line|vendor|worker|proofing|partner|dead|transfers?)_/.test(name),
  )

  expect(needed.filter((name) => !asked.has(name))).toEqual([])
})
