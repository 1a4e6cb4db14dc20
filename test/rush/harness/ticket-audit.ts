import { withClient } from '../../support/with-client.ts'
import type { TicketChange } from '../history.ts'

/** Triggers that only a rush has: they note every ticket and every change of its state, with the time of the transaction. */
const auditSql = `
create schema rush;
create table rush.ticket_changes (
  at timestamptz, id text, number bigint, credential_id text, holder text, state text
);
create function rush.note_ticket() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into rush.ticket_changes
  values (now(), new.id, new.number, new.credential_id, new.holder, new.state);
  return null;
end $$;
create trigger note_new_ticket after insert on web.tickets
for each row execute function rush.note_ticket();
create trigger note_ticket after update of state on web.tickets
for each row when (old.state is distinct from new.state) execute function rush.note_ticket();`

export async function installTicketAudit(adminUrl: string): Promise<void> {
  await withClient(adminUrl, (client) => client.query(auditSql))
}

interface Row {
  readonly at: number
  readonly id: string
  readonly number: string
  readonly credential_id: string | null
  readonly holder: string | null
  readonly state: string
}

/** In the order in which they happened. */
export async function readTicketChanges(adminUrl: string): Promise<TicketChange[]> {
  const { rows } = await withClient(adminUrl, (client) =>
    client.query<Row>(
      `select extract(epoch from at)::float8 * 1000 as at, id, number, credential_id, holder, state
       from rush.ticket_changes order by rush.ticket_changes.at, number`,
    ),
  )
  return rows.map(({ at, id, number, credential_id: credentialId, holder, state }) => ({
    at,
    id,
    number: Number(number),
    credentialId: credentialId ?? '',
    holder: holder ?? '',
    state,
  }))
}
