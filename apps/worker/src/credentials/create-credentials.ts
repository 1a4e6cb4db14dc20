import { randomBytes } from 'node:crypto'
import { createCredentialSigner, type SigningKey } from '@anteroom/credential'
import type pg from 'pg'
import { createCredentialTable } from './credential-table.ts'
import type { Credentials } from './credentials.ts'

export interface CredentialsOptions {
  /** The newest key: the one that signs. */
  readonly key: SigningKey
  readonly issuer: string
  readonly print: Credentials['print']
  readonly pool: pg.Pool
  readonly now: () => number
}

export async function createCredentials(options: CredentialsOptions): Promise<Credentials> {
  const { key, issuer, print, pool, now } = options
  return {
    issuer,
    signer: await createCredentialSigner(key),
    table: createCredentialTable(pool),
    print,
    newRevocationId: () => randomBytes(12).toString('base64url'),
    now,
  }
}
