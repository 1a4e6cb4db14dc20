import { webSettings } from '@anteroom/idp-web/config'
import { type SettingRow, serviceSettings, settingsTable } from '@anteroom/runtime'
import { workerSettings } from '@anteroom/worker/config'
import { z } from 'zod'
import { opsSettings } from '../ops/settings.ts'
import { code, generatedNotice, table } from './markdown.ts'

/** `docs/configuration.md`: every setting of both services and of operators' commands, from their schemas. */
export function configurationPage(): string {
  const shared = settingsTable(z.object(serviceSettings))
  const sharedNames = new Set(shared.map(({ name }) => name))
  const own = (rows: readonly SettingRow[]) => rows.filter(({ name }) => !sharedNames.has(name))
  return [
    '# Configuration',
    generatedNotice,
    introduction,
    '## Both services',
    settings(shared),
    '## idp-web',
    settings(own(settingsTable(webSettings))),
    '## worker',
    settings(own(settingsTable(workerSettings))),
    '## ops',
    operators,
    settings(settingsTable(opsSettings)),
    '',
  ].join('\n\n')
}

const introduction = `Each service reads its settings once, at start: the default, then the YAML file that \`ANTEROOM_SETTINGS\` names
(\`file:/path\` or \`s3://bucket/key\`), then the environment. A setting has one name: \`database_url\` in the file is
\`ANTEROOM_DATABASE_URL\` in the environment. A missing, wrong or unknown setting stops the start; all of them are
listed at once, by name and never by value. A secret is marked so; it has no default.

Beside these, the AWS SDK reads its own variables, such as \`AWS_REGION\` and \`AWS_ACCESS_KEY_ID\`.`

const operators = `Operators' commands (\`pnpm ops\`) read theirs each time, from the same places. Of what both services have they take
these, with a role in Postgres, a user in Redis and a principal of KMS of their own.`

function settings(rows: readonly SettingRow[]): string {
  return table(
    ['In the file', 'In the environment', 'Value', 'Default', 'Meaning'],
    rows.map((row) => [code(row.yaml), code(row.env), row.type, defaultOf(row), meaningOf(row)]),
  )
}

function defaultOf({ required, default: value }: SettingRow): string {
  if (required) return '**required**'
  return value === undefined ? 'none' : code(value)
}

function meaningOf({ secret, description, alias }: SettingRow): string {
  const also =
    alias === undefined ? '' : ` Also called ${code(alias)}; only one of the two may be given.`
  return `${description}${secret ? ' Secret.' : ''}${also}`
}
