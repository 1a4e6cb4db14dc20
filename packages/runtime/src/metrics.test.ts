import { expect, test } from 'vitest'
import { metricDefinitions } from './metric-definitions.ts'
import { createMetrics } from './metrics.ts'

async function sampleOf(metrics: ReturnType<typeof createMetrics>, start: string) {
  const text = await metrics.text()
  return text.split('\n').filter((line) => line.startsWith(start))
}

test('a histogram counts its measures under their labels', async () => {
  const metrics = createMetrics('worker')

  metrics.observe('worker_job_duration_seconds', { task: 'a', outcome: 'done' }, 0.3)
  metrics.observe('worker_job_duration_seconds', { task: 'a', outcome: 'done' }, 0.5)

  expect(await sampleOf(metrics, 'worker_job_duration_seconds_count')).toEqual([
    'worker_job_duration_seconds_count{service="worker",task="a",outcome="done"} 2',
  ])
  expect(await sampleOf(metrics, 'worker_job_duration_seconds_sum')).toEqual([
    'worker_job_duration_seconds_sum{service="worker",task="a",outcome="done"} 0.8',
  ])
})

test('a counter adds up and a gauge keeps the last value', async () => {
  const metrics = createMetrics('web')

  metrics.increment('proofing_timeout_total', {})
  metrics.increment('proofing_timeout_total', {}, 2)
  metrics.set('worker_jobs_in_flight', { task: 'a' }, 5)
  metrics.set('worker_jobs_in_flight', { task: 'a' }, 4)

  expect(await sampleOf(metrics, 'proofing_timeout_total')).toEqual([
    'proofing_timeout_total{service="web"} 3',
  ])
  expect(await sampleOf(metrics, 'worker_jobs_in_flight')).toEqual([
    'worker_jobs_in_flight{task="a",service="web"} 4',
  ])
})

test('every metric of the table and those of the process are announced with a help text', async () => {
  const text = await createMetrics('web').text()

  for (const [name, { help, type }] of Object.entries(metricDefinitions)) {
    expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`)
  }
  expect(text).toContain('process_cpu_seconds_total')
  expect(text).toContain('nodejs_eventloop_lag_seconds')
})

test('two services in one process count apart', async () => {
  const [one, other] = [createMetrics('web'), createMetrics('worker')]

  one.increment('proofing_timeout_total', {})

  expect(await sampleOf(other, 'proofing_timeout_total')).toEqual([
    'proofing_timeout_total{service="worker"} 0',
  ])
})

test('a wrong name, kind or label does not compile', () => {
  const metrics = createMetrics('web')
  const wrong = [
    // @ts-expect-error a name that is not in the table
    () => metrics.increment('proofing_results_total', {}),
    // @ts-expect-error a histogram is not counted
    () => metrics.increment('proofing_wait_seconds', { check: 'a' }),
    // @ts-expect-error a label is missing
    () => metrics.increment('proofing_result_total', { check: 'a' }),
    // @ts-expect-error a label that the metric does not have
    () => metrics.increment('proofing_result_total', { check: 'a', outcome: 'b', ssn: 'c' }),
    // @ts-expect-error a metric without labels takes none
    () => metrics.increment('proofing_timeout_total', { ssn: 'c' }),
  ]

  expect(wrong).toHaveLength(5)
})
