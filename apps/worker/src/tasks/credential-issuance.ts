import { momentsOf } from '@anteroom/credential'
import { jobs, type PayloadOf } from '@anteroom/job-contracts'
import { CredentialError } from '../credentials/credential-error.ts'
import type { CredentialRow } from '../credentials/credential-table.ts'
import type { Credentials } from '../credentials/credentials.ts'
import { judgeEntry } from '../credentials/judge-entry.ts'
import { defineTask, type TaskContext } from '../define-task.ts'

export const credentialIssuance = defineTask(
  jobs.credentialIssuance,
  ['registry'],
  async (person, context) => {
    const { credentials } = context
    if (!credentials) throw new CredentialError('CREDENTIALS_NOT_SET_UP')

    // After a crash the registry may have entered the person already; what was kept then is the credential.
    const row =
      (await credentials.table.find(person.credentialId)) ??
      (await enter(person, credentials, context))
    if (row.revoked) throw new CredentialError('CREDENTIAL_REVOKED')

    const claims = claimsOf(person, row, credentials)
    const token = await credentials.signer.signCredential(claims)
    const pdf = await credentials.print({ claims, token })
    return { pdf: pdf.toString('base64'), number: row.number, expiresOn: row.validUntil }
  },
)

type Person = PayloadOf<typeof jobs.credentialIssuance>

/** Has the registry enter the person, and keeps what it says. */
async function enter(
  { credentialId, ...person }: Person,
  { table, newRevocationId, now }: Credentials,
  { ask, vendors: { registry } }: TaskContext,
): Promise<CredentialRow> {
  if (!registry) throw new CredentialError('CREDENTIALS_NOT_SET_UP')
  const { entry } = await ask({
    entry: {
      vendor: 'registry',
      timeoutMs: registry.timeoutMs,
      // Not the job's key: whoever is called again after a failure is still the same entry.
      idempotencyKey: credentialId,
      call: (options) => registry.client.enter(person, options),
    },
  })
  judgeEntry(entry, now() / 1000)
  const { number, validFrom, validUntil } = entry
  const rid = newRevocationId()
  const row = await table.keep({ credentialId, rid, number, validFrom, validUntil })
  if (!row) throw new CredentialError('REGISTRY_NUMBER_TAKEN')
  return row
}

function claimsOf(person: Person, row: CredentialRow, { issuer }: Credentials) {
  return {
    iss: issuer,
    iat: row.issuedAt,
    ...momentsOf({ firstDay: row.validFrom, lastDay: row.validUntil }),
    rid: row.rid,
    no: row.number,
    fn: person.firstName,
    ln: person.lastName,
    dob: person.dateOfBirth,
  }
}
