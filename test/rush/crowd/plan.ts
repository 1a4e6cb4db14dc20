/** What the crowd is told before it comes. */
export interface CrowdPlan {
  readonly people: number
  readonly leave: number
  readonly quota: number
  readonly arriveMs: number
  readonly maxMs: number
  /** Of those who leave, so many come back. */
  readonly backShare: number
  /** Who comes back does so within this. */
  readonly backWithinMs: number
  readonly seed: number
  readonly webUrls: readonly string[]
  readonly bareUrl: string
}
