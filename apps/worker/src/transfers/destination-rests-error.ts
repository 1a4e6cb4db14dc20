/** Nothing was tried: the destination was not reached lately, and is left alone for a while. */
export class DestinationRestsError extends Error {
  override readonly name = 'DestinationRestsError'
  readonly code = 'destination-unreachable'
  readonly restMs: number

  constructor(restMs: number) {
    super('The destination is left alone for a while')
    this.restMs = restMs
  }
}
