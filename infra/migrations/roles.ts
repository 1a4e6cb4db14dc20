import pg from 'pg'

/** The database's roles. The owner migrates, the two services work, operators command; nobody else is let in. */
export interface RolePasswords {
  readonly owner: string
  readonly web: string
  readonly worker: string
  readonly ops: string
}

const roles = {
  owner: 'anteroom_owner',
  web: 'anteroom_web',
  worker: 'anteroom_worker',
  ops: 'anteroom_ops',
} as const

export type Role = keyof typeof roles

/** Creates the roles, or gives them these passwords, and makes the owner own the database. Needs an administrator's connection. */
export async function createRoles(adminUrl: string, passwords: RolePasswords): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    for (const role of Object.keys(roles) as Role[]) await createRole(client, role, passwords[role])
    const { rows } = await client.query<{ name: string }>('select current_database() as name')
    const database = client.escapeIdentifier(rows[0]?.name ?? '')
    await client.query(`alter database ${database} owner to ${roles.owner}`)
    await client.query(`revoke all on database ${database} from public`)
    const guests = [roles.web, roles.worker, roles.ops].join(', ')
    await client.query(`grant connect on database ${database} to ${guests}`)
    await client.query('revoke all on schema public from public')
  } finally {
    await client.end()
  }
}

/** The address of the same database for another role. */
export function urlFor(role: Role, adminUrl: string, passwords: RolePasswords): string {
  const url = new URL(adminUrl)
  url.username = roles[role]
  url.password = passwords[role]
  return url.href
}

async function createRole(client: pg.Client, role: Role, password: string): Promise<void> {
  const name = roles[role]
  await client.query(`do $$ begin
    create role ${name} login;
  exception when duplicate_object then null;
  end $$`)
  await client.query(`alter role ${name} password ${client.escapeLiteral(password)}`)
}
