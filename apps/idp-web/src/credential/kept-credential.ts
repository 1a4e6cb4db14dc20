import { outcomeSecondsLeft, readOutcome } from '@anteroom/job-channel'
import { jobs, type ResultOf } from '@anteroom/job-contracts'
import type { WebDeps } from '../deps.ts'

/** The sealed credential, as long as it is kept. */
export async function findCredential(
  { redis }: WebDeps,
  ticketId: string,
): Promise<string | undefined> {
  const outcome = await readOutcome(redis, ticketId)
  return outcome?.state === 'done' ? outcome.sealed : undefined
}

export type Credential = ResultOf<typeof jobs.credentialIssuance>

export async function openKept(
  { openCredential }: WebDeps,
  { ticketId, sealed }: { ticketId: string; sealed: string },
): Promise<Credential> {
  const { name, result } = jobs.credentialIssuance
  return result.parse(JSON.parse(await openCredential({ name, id: ticketId }, sealed)))
}

export interface FetchTime {
  /** Milliseconds since the epoch. */
  readonly fetchUntil: number
  /** The same for a browser, whose clock may be wrong. */
  readonly secondsLeft: number
}

/** Until when it can be fetched. */
export async function fetchTime({ redis, now }: WebDeps, ticketId: string): Promise<FetchTime> {
  const secondsLeft = await outcomeSecondsLeft(redis, ticketId)
  return { fetchUntil: now() + secondsLeft * 1000, secondsLeft }
}
