export interface SettingProblem {
  /** As the reader knows it: the name in the settings file, or of the environment variable. */
  readonly setting: string
  readonly problem: 'missing' | 'wrong' | 'unknown' | 'unreadable' | 'given under two names'
}

/** Names every problem of the settings at once, and no value of any. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly code = 'SETTINGS_INVALID'
  readonly problems: readonly SettingProblem[]

  constructor(problems: readonly SettingProblem[]) {
    const lines = problems.map(({ setting, problem }) => `  ${setting}: ${problem}`)
    super(['Bad or missing settings:', ...lines].join('\n'))
    this.problems = problems
  }
}
