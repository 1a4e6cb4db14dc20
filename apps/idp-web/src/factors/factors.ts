/** What an account asks for beside its password. */
export interface FactorSummary {
  readonly kind: 'passkey' | 'totp' | 'backup-codes'
  readonly id: string
  readonly name: string
  /** Milliseconds since the epoch. */
  readonly addedAt: number
  readonly lastUsedAt?: number
}

export interface Factors {
  of(accountId: string): Promise<readonly FactorSummary[]>
  hasSecond(accountId: string): Promise<boolean>
}
