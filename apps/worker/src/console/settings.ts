import { readHash } from '@anteroom/crypto/password'
import { isOperatorName } from '@anteroom/operations'
import { z } from 'zod'

const operators = z.record(
  z.string().refine(isOperatorName),
  z.string().refine((hash) => readHash(hash) !== undefined),
)

/** `ada:<hash> grace:<hash>` in the environment, a map in the settings file. */
const operatorList = z
  .union([z.string().transform(readOperators), z.record(z.string(), z.unknown())])
  .pipe(operators)
  .refine((list) => Object.keys(list).length > 0)
  .meta({ shownAs: 'map of names to hashes; `name:hash` and spaces between in the environment' })

/** The worker's settings about the operators' console. */
export const consoleSettings = {
  consoleDatabaseUrl: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .meta({ secret: true })
    .describe(
      'Postgres, as the role anteroom_ops. With it the operators’ console is served on the internal port, under /console; without it there is none.',
    ),
  consoleOperators: operatorList
    .optional()
    .meta({ secret: true })
    .describe(
      'Who may sign in to the console, with hashes that `pnpm ops operator new` writes; required with console_database_url.',
    ),
  consoleSessionKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .transform((text) => Buffer.from(text, 'base64url'))
    .optional()
    .meta({ secret: true, shownAs: '32 bytes in base64url' })
    .describe(
      'Key of the hashes by which sessions of the console are found. With another one everybody signs in anew. Required with console_database_url, and the same in every worker.',
    ),
  consoleHosts: z
    .string()
    .transform((text) => text.split(',').map((host) => host.trim().toLowerCase()))
    .optional()
    .describe(
      'Names under which the console is reached, separated by commas, beside internal_host and those of this machine. To any other it answers nothing.',
    ),
} as const

export type ConsoleSettings = Readonly<z.output<z.ZodObject<typeof consoleSettings>>>

function readOperators(text: string): Record<string, string> {
  const entries = text.trim().split(/\s+/)
  return Object.fromEntries(
    entries.map((entry) => {
      const colon = entry.indexOf(':')
      return [entry.slice(0, Math.max(0, colon)), entry.slice(colon + 1)]
    }),
  )
}
