/** Another start holds the job now. Thrown, never returned: returning would delete the other's queue row. */
export class LostJobError extends Error {
  override readonly name = 'LostJobError'
  readonly code = 'JOB_LOST'

  constructor() {
    super('JOB_LOST')
  }
}

/** The deadline had passed before the work could begin. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError'
}

export class PoisonousJobError extends Error {
  override readonly name = 'PoisonousJobError'
}

/** The ledger or Redis could not be reached. The queue brings the job back, and the ledger knows how far it came. */
export class UnsettledJobError extends Error {
  override readonly name = 'UnsettledJobError'
  readonly code = 'JOB_UNSETTLED'

  constructor() {
    super('JOB_UNSETTLED')
  }
}
