import type { CredentialClaims } from './claims.ts'

/**
 * A credential is good on whole days, and on each of them as long as it is that day anywhere: from when its first day
 * begins in the east (UTC+14) until its last one has ended in the west (UTC-12). Days are `YYYY-MM-DD`; moments are in
 * seconds since the epoch.
 */
const daySeconds = 24 * 60 * 60
const aheadSeconds = 14 * 60 * 60
const behindSeconds = 12 * 60 * 60

/** The moments `nbf` and `exp` of a credential that is good from the one day to the other, both included. */
export function momentsOf(days: { readonly firstDay: string; readonly lastDay: string }): {
  nbf: number
  exp: number
} {
  return {
    nbf: startOf(days.firstDay) - aheadSeconds,
    exp: startOf(days.lastDay) + daySeconds + behindSeconds,
  }
}

/** The days a credential names, the same wherever they are read. The day of issue is that of Greenwich. */
export function daysOf({ iat, nbf, exp }: Pick<CredentialClaims, 'iat' | 'nbf' | 'exp'>): {
  issued: string
  firstDay: string
  lastDay: string
} {
  return {
    issued: dayAt(iat),
    firstDay: dayAt(nbf + aheadSeconds),
    lastDay: dayAt(exp - behindSeconds - 1),
  }
}

function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 1000
}

function dayAt(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10)
}
