import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { alertsFile, readAlerts } from '@anteroom/infra/dashboards/read-alerts.ts'
import { beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { findPrometheus } from '../support/prometheus.ts'

const folder = dirname(alertsFile)
const triedFile = join(folder, 'alerts.test.yaml')
let programs: string | undefined
beforeAll(async () => {
  programs = await findPrometheus()
}, 120_000)

function promtool(...line: string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(join(programs ?? '', 'promtool'), line, { cwd: folder })
}

test('Prometheus reads the rules', async ({ skip }) => {
  skip(programs === undefined, 'neither promtool nor Debian packages here')
  const { stdout } = await promtool('check', 'rules', alertsFile)

  expect(stdout).toContain(`SUCCESS: ${readAlerts().length} rules found`)
})

test('each alert is silent in good times and speaks when it should', async ({ skip }) => {
  skip(programs === undefined, 'neither promtool nor Debian packages here')
  const { stdout } = await promtool('test', 'rules', triedFile)

  expect(stdout).toContain('SUCCESS')
})

test('no alert is left untried', () => {
  const tried = new Set<string>()
  for (const { alert_rule_test: cases = [] } of parse(readFileSync(triedFile, 'utf8')).tests) {
    for (const { alertname, exp_alerts } of cases) if (exp_alerts.length > 0) tried.add(alertname)
  }

  expect(
    readAlerts()
      .map(({ alert }) => alert)
      .filter((alert) => !tried.has(alert)),
  ).toEqual([])
})
