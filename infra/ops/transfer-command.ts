/** What a consumer of the API for transfers may ask for, and whom it is to be told. What is not given has its default, or stays. */
export interface ConsumerScopes {
  readonly destinations?: readonly string[]
  readonly sourceHosts?: readonly string[]
  readonly sourceBuckets?: readonly string[]
  readonly pathPrefix?: string
  readonly maxBytes?: number
  readonly perMinute?: number
  readonly email?: string
  readonly webhookUrl?: string
}

/** An entry that was noted down before, and must still be there. */
export interface Expected {
  readonly consumer: string
  readonly number: number
  readonly hash: string
}

/** Commands about the API for transfers. */
export type TransferCommand =
  | {
      readonly name: 'transfer consumer new' | 'transfer consumer change'
      readonly actor: string
      readonly consumer: string
      readonly scopes: ConsumerScopes
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
  | { readonly name: 'transfer audit verify'; readonly expected: readonly Expected[] }
