import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tokenJsonSchema, wireProfiles } from '@anteroom/security-events'
import { grafanaDashboard } from '../dashboards/grafana.ts'
import { policiesFile } from '../terraform/policies.ts'
import { announcedRegions } from './announced-actions.ts'
import { configurationPage } from './configuration.ts'
import { jobRegions } from './jobs.ts'
import { findLogEvents } from './log-events.ts'
import { fillRegions } from './markdown.ts'
import { metricsAndLogsPage } from './metrics-and-logs.ts'
import { rotationRegions } from './rotations.ts'
import { transferRegions } from './transfers.ts'

const root = join(import.meta.dirname, '../..')

/** What the code says of itself: the text each file should have, by its path from the root. */
export async function generateDocs(): Promise<ReadonlyMap<string, string>> {
  const jobsPage = 'docs/jobs.md'
  const accountsPage = 'docs/accounts.md'
  const transfersPage = 'docs/transfers.md'
  const keysPage = 'docs/runbooks/key-rotation.md'
  return new Map([
    ['docs/configuration.md', configurationPage()],
    ['docs/metrics-and-logs.md', metricsAndLogsPage(await findLogEvents(root))],
    ['infra/dashboards/grafana.json', grafanaDashboard()],
    ...wireProfiles.map((profile): [string, string] => [
      `docs/security-events/${profile}.schema.json`,
      `${JSON.stringify(tokenJsonSchema(profile), null, 2)}\n`,
    ]),
    [
      accountsPage,
      fillRegions(await readFile(join(root, accountsPage), 'utf8'), announcedRegions()),
    ],
    ['infra/terraform/policies.auto.tfvars.json', policiesFile()],
    [jobsPage, fillRegions(await readFile(join(root, jobsPage), 'utf8'), jobRegions())],
    [
      transfersPage,
      fillRegions(await readFile(join(root, transfersPage), 'utf8'), transferRegions()),
    ],
    [keysPage, fillRegions(await readFile(join(root, keysPage), 'utf8'), rotationRegions())],
  ])
}

if (import.meta.main) {
  for (const [path, text] of await generateDocs()) await writeFile(join(root, path), text)
}
