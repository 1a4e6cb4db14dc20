/** A request that a vendor turns down, by HTTP status and a code for its developer. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string) {
    super('The request is refused')
    this.status = status
    this.code = code
  }
}
