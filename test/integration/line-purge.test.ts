import { inTransaction } from '@anteroom/job-channel'
import { expect, test } from 'vitest'
import { purgeTickets } from '../../apps/idp-web/src/line/ticket-endings.ts'
import { useTestLine } from '../support/line.ts'

const at = useTestLine({ callsPerSecond: 10 })

const purge = () => inTransaction(at.database.pool('web'), purgeTickets)

/** As if everything about the ticket had been so much earlier. */
async function age(id: string, interval: string): Promise<void> {
  await at.database.pool('admin').query(
    `update web.tickets set joined_at = joined_at - $2::interval,
       deadline_at = deadline_at - $2::interval, ended_at = ended_at - $2::interval
     where id = $1`,
    [id, interval],
  )
}

async function rowOf(id: string): Promise<Record<string, unknown> | undefined> {
  const { rows } = await at.database
    .pool('admin')
    .query('select * from web.tickets where id = $1', [id])
  return rows[0]
}

const nobodys = { person: null, subject: null, holder: null, credential_id: null, wire: null }

async function failed(): Promise<string> {
  const { id } = await at.join()
  await at.keep(500)
  await at.worker.report([id], { state: 'failed', reason: 'vendor-unavailable' })
  return id
}

test('whose place was kept after a failure of ours is forgotten after an hour, and not before', async () => {
  const [old, recent] = [await failed(), await failed()]
  await age(old, '61 minutes')
  await age(recent, '59 minutes')

  await purge()

  expect(await rowOf(old)).toMatchObject({ state: 'failed', ...nobodys })
  expect((await rowOf(recent))?.subject).not.toBeNull()
})

test('who was called and never reported of has failed an hour after their deadline, and keeps their place', async () => {
  const [old, recent] = [await at.join(), await at.join()]
  await at.keep(500)
  await age(old.id, '66 minutes')
  await age(recent.id, '50 minutes')

  await purge()

  expect(await rowOf(old.id)).toMatchObject({ state: 'failed', reason: 'internal', wire: null })
  expect((await rowOf(old.id))?.subject).not.toBeNull()
  expect(await rowOf(recent.id)).toMatchObject({ state: 'called' })
})

test('that there was a place is known for a month, and nobody waits for two', async () => {
  const [old, recent] = [await failed(), await failed()]
  const [endless, patient] = [await at.join(), await at.join()]
  await age(old, '31 days')
  await age(recent, '29 days')
  await age(endless.id, '61 days')
  await age(patient.id, '59 days')

  await purge()

  const left = await Promise.all([old, recent, endless.id, patient.id].map(rowOf))
  expect(left.map((row) => row?.state)).toEqual([undefined, 'failed', undefined, 'waiting'])
})

test('the purge looks only at what is due, however many places were taken in a month', async () => {
  await failed()
  const read = `select seq_scan::int as scans from pg_stat_xact_user_tables where relname = 'tickets'`

  const scans = await inTransaction(at.database.pool('web'), async (tx) => {
    await tx.query('set local enable_seqscan = off')
    const before = await tx.query<{ scans: number }>(read)
    await purgeTickets(tx)
    const after = await tx.query<{ scans: number }>(read)
    return (after.rows[0]?.scans ?? 0) - (before.rows[0]?.scans ?? 0)
  })

  expect(scans).toBe(0)
})
