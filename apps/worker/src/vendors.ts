import type {
  AddressClient,
  DocumentsClient,
  MailClient,
  RegistryClient,
  ResolutionClient,
  StateIdClient,
} from '@anteroom/vendor-clients'

/** A vendor's client with the time budget the deployment gives it. */
export interface Budgeted<Client> {
  readonly client: Client
  readonly timeoutMs: number
}

/** A vendor's name, as it stands in the ledger, in metrics and in logs. */
export type VendorName = 'documents' | 'resolution' | 'state-id' | 'address' | 'registry' | 'mail'

export interface Vendors {
  /** Absent where our own reader reads everything. */
  readonly documents?: Budgeted<DocumentsClient>
  readonly resolution: Budgeted<ResolutionClient>
  readonly stateId: Budgeted<StateIdClient>
  readonly address: Budgeted<AddressClient>
  /** Absent where no credentials are issued. */
  readonly registry?: Budgeted<RegistryClient>
  /** Absent where no e-mail is sent. */
  readonly mail?: MailServer
}

export interface MailServer extends Budgeted<MailClient> {
  /** Who the e-mail says that it is from. */
  readonly senderName: string
}
