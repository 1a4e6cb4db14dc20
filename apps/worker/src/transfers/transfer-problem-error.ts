const messages = {
  'hash-mismatch': 'The file is not the one that was asked for',
  'destination-unknown': 'There is no such destination here',
  cancelled: 'Whoever asked for it has stopped it',
} as const

/** Why we moved no file, where it was neither the source nor the destination. Never tried again. */
export class TransferProblemError extends Error {
  override readonly name = 'TransferProblemError'
  readonly code: keyof typeof messages

  constructor(code: keyof typeof messages) {
    super(messages[code])
    this.code = code
  }
}
