export interface SettingNames {
  /** In the schema: `databaseUrl`. */
  readonly name: string
  /** In the settings file: `database_url`. */
  readonly yaml: string
  /** In the environment: `ANTEROOM_DATABASE_URL`. */
  readonly env: string
}

export const envPrefix = 'ANTEROOM_'

/** The variable that says where the settings file is. The only one of ours that is no setting. */
export const settingsFileVariable = `${envPrefix}SETTINGS`

/** A setting has one name, spelled three ways. */
export function settingNames(name: string): SettingNames {
  const yaml = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  return { name, yaml, env: `${envPrefix}${yaml.toUpperCase()}` }
}

/** As {@link settingNames}, of a name that is written as in a settings file. */
export function namesOfAlias(name: string, yaml: string): SettingNames {
  return { name, yaml, env: `${envPrefix}${yaml.toUpperCase()}` }
}
