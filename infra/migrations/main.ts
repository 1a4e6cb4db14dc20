import { migrate } from './migrate.ts'

/** `pnpm migrate`: brings the database named by ANTEROOM_OWNER_DATABASE_URL to the newest schema. */
const ownerUrl = process.env.ANTEROOM_OWNER_DATABASE_URL
if (ownerUrl === undefined) {
  console.error('Set ANTEROOM_OWNER_DATABASE_URL to the database, as its owner.')
  process.exit(1)
}
const applied = await migrate(ownerUrl)
console.log(applied.length === 0 ? 'nothing to do' : `applied ${applied.join(', ')}`)
