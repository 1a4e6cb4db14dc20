/** Why a credential is revoked: written into the audit, and told to nobody else. */
export const revocationReasons = ['lost', 'stolen', 'wrong-details', 'fraud', 'replaced'] as const
export type RevocationReason = (typeof revocationReasons)[number]

/** What changes something, and is therefore written into the audit under the operator's name. */
export type Order =
  | { readonly name: 'line rate'; readonly calls: number; readonly windowSeconds: number }
  | { readonly name: 'line pause' | 'line resume' }
  | { readonly name: 'line drain' | 'line open' }
  /** Without a message: the one that stands is taken away. */
  | { readonly name: 'line message'; readonly message?: string }
  | {
      readonly name: 'credential revoke'
      readonly numbers: readonly string[]
      readonly reason: RevocationReason
    }

/** What is known of a partner before it has a secret. */
export interface NewPartner {
  readonly id: string
  readonly name: string
  readonly redirect_uris: readonly string[]
  readonly post_logout_redirect_uris: readonly string[]
  readonly scopes: readonly string[]
  readonly max_ial: 1 | 2
  /** Of its public keys; without it the partner gets a secret. */
  readonly keyFile?: string
}

export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'partner new'; readonly partner: NewPartner }
  | { readonly name: 'partner check'; readonly file: string }
  | { readonly name: 'line status' }
  | { readonly name: 'audit'; readonly last: number }
  | {
      readonly name: 'order'
      readonly order: Order
      /** Who orders it. */
      readonly actor: string
      /** How long to wait for the worker. */
      readonly waitSeconds: number
    }

/** The line was not understood. Nothing was done; the message is for the operator. */
export class BadCommandError extends Error {
  override readonly name = 'BadCommandError'
  readonly code = 'BAD_COMMAND'
}
