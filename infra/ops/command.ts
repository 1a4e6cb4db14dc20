import { destinationSecretName } from '@anteroom/job-contracts'
import type { DeadWhich, JobAction, JobState, Place } from '@anteroom/operations'
import { authorizationName } from '@anteroom/security-events'
import type { TransferCommand } from './transfer-command.ts'

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
  | { readonly name: 'events resign'; readonly which: Resigned }
  | { readonly name: 'events hold' | 'events release'; readonly partner: string }
  /** Named by its id, or by its address. */
  | { readonly name: 'account suspend' | 'account reinstate'; readonly whom: string }

/** Which dead security events: by their `jti`, or all of a partner's, maybe only since a moment. */
export interface Resigned {
  readonly partner?: string
  readonly since?: Date
  readonly jtis?: readonly string[]
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

/** About jobs that failed and are kept. */
export type DeadCommand =
  | {
      readonly name: 'dead list'
      readonly which: DeadWhich
      readonly atMost: number
      readonly after?: Place
    }
  | { readonly name: 'dead show'; readonly jobId: string }
  | {
      readonly name: 'dead replay' | 'dead discard'
      readonly which: DeadWhich
      readonly actor: string
    }

/** Secrets that stand sealed in files which the worker reads, and by what each is named. */
export const sealedNames = {
  [authorizationName]: 'the id of its partner',
  [destinationSecretName]: 'the name of its destination',
} as const
export type SealedName = keyof typeof sealedNames

export interface SecretCommand {
  readonly name: 'secret seal'
  readonly sealed: SealedName
  readonly id: string
}
/** About the queue, the workers and single jobs. */
export type JobCommand =
  | { readonly name: 'queues' | 'workers' | 'deliveries' }
  | {
      readonly name: 'jobs'
      readonly state: JobState
      readonly job?: string
      readonly after?: Place
      readonly atMost: number
    }
  | { readonly name: 'job show'; readonly jobId: string }
  | {
      readonly name: 'job act'
      readonly action: JobAction
      readonly jobId: string
      readonly actor: string
    }

export type Command =
  | SecretCommand
  | { readonly name: 'transfer'; readonly transfer: TransferCommand }
  | { readonly name: 'help' }
  | { readonly name: 'partner new'; readonly partner: NewPartner }
  | { readonly name: 'partner check'; readonly file: string }
  | { readonly name: 'line status' }
  | { readonly name: 'events held' }
  | DeadCommand
  | JobCommand
  | { readonly name: 'operator new'; readonly operator: string }
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
