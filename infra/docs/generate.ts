import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { grafanaDashboard } from '../dashboards/grafana.ts'
import { configurationPage } from './configuration.ts'
import { jobRegions } from './jobs.ts'
import { findLogEvents } from './log-events.ts'
import { fillRegions } from './markdown.ts'
import { metricsAndLogsPage } from './metrics-and-logs.ts'

const root = join(import.meta.dirname, '../..')

/** What the code says of itself: the text each file should have, by its path from the root. */
export async function generateDocs(): Promise<ReadonlyMap<string, string>> {
  const jobsPage = 'docs/jobs.md'
  return new Map([
    ['docs/configuration.md', configurationPage()],
    ['docs/metrics-and-logs.md', metricsAndLogsPage(await findLogEvents(root))],
    ['infra/dashboards/grafana.json', grafanaDashboard()],
    [jobsPage, fillRegions(await readFile(join(root, jobsPage), 'utf8'), jobRegions())],
  ])
}

if (import.meta.main) {
  for (const [path, text] of await generateDocs()) await writeFile(join(root, path), text)
}
