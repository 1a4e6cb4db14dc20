/** What a consumer of the API for transfers may ask for, and whom it is to be told. What is not given has its default, or stays. */
export interface ConsumerScopes {
  readonly destinations?: readonly string[]
  readonly sourceHosts?: readonly string[]
  readonly sourceBuckets?: readonly string[]
  readonly pathPrefix?: string
  readonly maxBytes?: number
  readonly perMinute?: number
  readonly maxOpen?: number
  readonly email?: string
  readonly webhookUrl?: string
}

/** Where credentials go that people send to a consumer. An empty destination: it takes none any more. */
export interface ReceiverWish {
  /** Of the agency, as people read it. */
  readonly name?: string
  readonly destination?: string
  readonly folder?: string
}

/** An entry that was noted down before, and must still be there. */
export interface Expected {
  readonly consumer: string
  readonly number: number
  readonly hash: string
}

/** Messages by their ids, or all of one consumer's. */
export type WebhookWhich = { readonly messages: readonly string[] } | { readonly consumer: string }

/** Commands about the API for transfers. */
export type TransferCommand =
  | {
      readonly name: 'transfer consumer new' | 'transfer consumer change'
      readonly actor: string
      readonly consumer: string
      readonly scopes: ConsumerScopes
      readonly receiver?: ReceiverWish
    }
  | {
      readonly name: 'transfer consumer enable' | 'transfer consumer disable'
      readonly actor: string
      readonly consumer: string
    }
  | { readonly name: 'transfer consumer list' }
  | {
      readonly name: 'transfer key new'
      readonly actor: string
      readonly consumer: string
      readonly days: number
    }
  | {
      readonly name: 'transfer key rotate'
      readonly actor: string
      readonly consumer: string
      readonly days: number
      /** For which the keys there are stay good. */
      readonly hours: number
    }
  | { readonly name: 'transfer key revoke'; readonly actor: string; readonly key: string }
  | { readonly name: 'transfer key list'; readonly consumer: string }
  | { readonly name: 'transfer webhook list'; readonly consumer?: string }
  | {
      readonly name: 'transfer webhook replay'
      readonly actor: string
      readonly which: WebhookWhich
    }
  | { readonly name: 'transfer audit verify'; readonly expected: readonly Expected[] }
