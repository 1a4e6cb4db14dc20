import { createHash } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'

export interface RedisPasswords {
  readonly web: string
  readonly worker: string
  readonly ops: string
  /** For tests and for looking around; no service of ours has it. */
  readonly admin: string
}

// Commands that see keys beyond a user's patterns, or more of the server than its user needs.
const never = '-@admin -@dangerous -scan -randomkey -dbsize +info'

/**
 * The web: sessions, accounts' lists of them, what goes on with partners, outcomes, limits, the line of waiting people, and reports and vendors' quotas to read but not to
 * write. The worker: outcomes, quotas, and reports to write but not to read; it cannot read a session, nor who waits.
 * Operators' commands: what the worker publishes of quotas. Rules apply from left to right, to a user who may do nothing yet. They are
 * written in what ElastiCache documents of its access strings, because it is told the same.
 */
const ruleLists = {
  web: [
    '~session:* ~outcome:* ~limit:* ~line:* ~account-sessions:* ~openid:* ~reports %R~quota:* &outcomes',
    '-@all +@connection +@read +@write +@transaction +@scripting +@pubsub -xadd',
    never,
  ],
  worker: [
    '~outcome:* &outcomes',
    '-@all +@connection +@transaction +get +set +exists +ttl +pttl +publish',
    never,
    '(%W~reports -@all +xadd)',
    '(~quota:* -@all +@read +@write +@scripting +time -@dangerous -scan -randomkey -dbsize)',
  ],
  ops: ['%R~quota:*', '-@all +@connection +hmget', never],
  admin: ['allkeys allchannels +@all'],
} satisfies Record<keyof RedisPasswords, string[]>

/** Each user's access string. */
export const redisRules: Readonly<Record<keyof RedisPasswords, string>> = {
  web: ruleLists.web.join(' '),
  worker: ruleLists.worker.join(' '),
  ops: ruleLists.ops.join(' '),
  admin: ruleLists.admin.join(' '),
}

/** Writes the access list of Redis 7 and Valkey; it holds the passwords' hashes only. */
export async function writeAclFile(file: string, passwords: RedisPasswords): Promise<void> {
  const lines = [
    'user default reset off',
    userLine('web', passwords.web),
    userLine('worker', passwords.worker),
    userLine('ops', passwords.ops),
    userLine('admin', passwords.admin),
  ]
  await writeFile(`${file}.new`, `${lines.join('\n')}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

function userLine(user: keyof RedisPasswords, password: string): string {
  const hash = createHash('sha256').update(password).digest('hex')
  return ['user', user, 'reset on', `#${hash}`, redisRules[user]].join(' ')
}
