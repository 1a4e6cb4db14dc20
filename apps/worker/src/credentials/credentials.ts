import type { CredentialSigner } from '@anteroom/credential'
import type { CredentialTable } from './credential-table.ts'
import type { Paper } from './paper/make-paper.ts'

/** What the tasks about credentials work with, besides the registry. */
export interface Credentials {
  /** Origin of the issuer, as it stands in every token. */
  readonly issuer: string
  readonly signer: CredentialSigner
  readonly table: CredentialTable
  /** The credential as a PDF file. */
  readonly print: (paper: Paper) => Promise<Buffer>
  readonly newRevocationId: () => string
  /** Milliseconds since the epoch, database time. */
  readonly now: () => number
}
