import type { z } from 'zod'
import { settingFacts } from './setting-facts.ts'
import {
  envPrefix,
  namesOfAlias,
  type SettingNames,
  settingNames,
  settingsFileVariable,
} from './setting-names.ts'
import { type SettingProblem, SettingsError } from './settings-error.ts'
import { type ReadS3, readSettingsFile } from './settings-file.ts'

export interface SettingsSources {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Needed only where ANTEROOM_SETTINGS may name an `s3:` address. */
  readonly readS3?: ReadS3
}

/**
 * The settings of one service: the schema's defaults, then the YAML file that ANTEROOM_SETTINGS names
 * (`file:/path` or `s3://bucket/key`), then the environment. `databaseUrl` in the schema is `database_url` in
 * the file and `ANTEROOM_DATABASE_URL` in the environment. Throws `SettingsError` with every problem there is.
 */
export async function loadSettings<S extends z.ZodObject>(
  schema: S,
  sources: SettingsSources,
): Promise<Readonly<z.output<S>>> {
  const named = Object.entries(schema.shape).map(([name, field]) => namesOf(name, field))
  const names = named.flat()
  const file = await readFile(sources)
  const given = gather(named, file.values, sources.env)
  const parsed = await schema.safeParseAsync(Object.fromEntries(given.values))

  const problems = [
    ...file.problems,
    ...unknownSettings(names, file.values, sources.env),
    ...given.doubled,
    ...parseProblems(parsed.error?.issues ?? [], given).filter(
      // Behind a file that could not be read, nobody knows what is missing.
      ({ problem }) => problem !== 'missing' || file.problems.length === 0,
    ),
  ]
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems)
  return Object.freeze(parsed.data)
}

/** By its own name first, then by its alias, if it has one. */
function namesOf(name: string, field: z.core.$ZodType): readonly SettingNames[] {
  const { alias } = settingFacts(field)
  return alias === undefined
    ? [settingNames(name)]
    : [settingNames(name), namesOfAlias(name, alias)]
}

interface FileResult {
  readonly values: ReadonlyMap<string, unknown>
  readonly problems: readonly SettingProblem[]
}

async function readFile({ env, readS3 }: SettingsSources): Promise<FileResult> {
  const address = env[settingsFileVariable]
  if (address === undefined) return { values: new Map(), problems: [] }
  const read = await readSettingsFile(address, readS3)
  if (read.ok) return { values: read.values, problems: [] }
  const setting = `${settingsFileVariable} (${read.reason})`
  return { values: new Map(), problems: [{ setting, problem: 'unreadable' }] }
}

interface Given {
  readonly values: ReadonlyMap<string, unknown>
  /** Setting name to the place it came from, in the words of a problem. */
  readonly places: ReadonlyMap<string, string>
  /** What stands under its name and under its alias: which of the two is meant, nobody can know. */
  readonly doubled: readonly SettingProblem[]
}

function gather(
  named: readonly (readonly SettingNames[])[],
  file: ReadonlyMap<string, unknown>,
  env: SettingsSources['env'],
): Given {
  const values = new Map<string, unknown>()
  const places = new Map<string, string>()
  const doubled: SettingProblem[] = []
  for (const names of named) {
    const used = names.filter((it) => givenAs(it, file, env) !== undefined)
    const setting = used[0] ?? names[0]
    if (!setting) continue
    const value = givenAs(setting, file, env)
    if (value !== undefined) values.set(setting.name, value)
    const place = env[setting.env] === undefined ? 'in the settings file' : setting.env
    places.set(setting.name, value === undefined ? setting.env : place)
    if (used.length > 1) {
      const both = used.map(({ yaml }) => yaml).join(' and ')
      doubled.push({ setting: both, problem: 'given under two names' })
    }
  }
  return { values, places, doubled }
}

function givenAs(
  { env: variable, yaml }: SettingNames,
  file: ReadonlyMap<string, unknown>,
  env: SettingsSources['env'],
): unknown {
  return env[variable] ?? file.get(yaml)
}

function unknownSettings(
  names: readonly SettingNames[],
  file: ReadonlyMap<string, unknown>,
  env: SettingsSources['env'],
): SettingProblem[] {
  const knownYaml = new Set(names.map(({ yaml }) => yaml))
  const knownEnv = new Set([settingsFileVariable, ...names.map(({ env: variable }) => variable)])
  const unknownYaml = [...file.keys()].filter((key) => !knownYaml.has(key))
  const unknownEnv = Object.keys(env).filter(
    (key) => key.startsWith(envPrefix) && env[key] !== undefined && !knownEnv.has(key),
  )
  return [
    ...unknownYaml.map((key) => `${sayable(key)} (in the settings file)`),
    ...unknownEnv.map(sayable),
  ].map((setting) => ({ setting, problem: 'unknown' }))
}

/** A key that does not look like a name may be a value that slipped to the left of its colon. */
function sayable(key: string): string {
  return /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(key) ? key : '(a key that is no name)'
}

function parseProblems(
  issues: readonly { readonly path: readonly PropertyKey[] }[],
  { values, places }: Given,
): SettingProblem[] {
  const wrong = new Set(issues.map(({ path }) => String(path[0] ?? '')))
  return [...wrong].map((name) => {
    const { yaml } = settingNames(name)
    const setting =
      name === '' ? 'settings that do not fit together' : `${yaml} (${places.get(name)})`
    return { setting, problem: name === '' || values.has(name) ? 'wrong' : 'missing' }
  })
}
