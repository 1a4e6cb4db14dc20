const messages = {
  'source-forbidden': 'The source leads where nothing may be fetched',
  'source-unreachable': 'The source cannot be reached, or failed, or was silent',
  'source-refused': 'The source refuses',
  'source-not-found': 'The source has no such file',
  'source-expired': 'The link to the source is not good any more',
  'source-too-large': 'The file is larger than it may be',
  'source-incomplete': 'The source ended before the length that it had told',
  'source-changed': 'The source has another file than before',
  'too-many-redirects': 'The source redirects too often',
  'destination-unreachable': 'The destination cannot be reached, or failed, or was silent',
  'destination-refused': 'The destination refuses the file or our credentials',
  'destination-busy': 'The destination asks us to come later',
  'destination-full': 'The destination has no room',
  'file-exists': 'A file of that name is there already',
} as const

/** Named as the contract's problems. */
export type TransferErrorCode = keyof typeof messages

export interface TransferErrorOptions {
  /** A number or a word of ours: never what the other side said. */
  readonly cause?: string
  /** Whether another attempt may end better, where that is not what it is with this code. */
  readonly retryable?: boolean
  /** Whether the next attempt has to begin at the beginning: what was sent so far is of no use. */
  readonly startOver?: boolean
  /** For how long the other side wants to be left alone. */
  readonly retryAfterMs?: number | undefined
}

/** Why a file could not be moved. It names no host, no path and no file. */
export class TransferError extends Error {
  override readonly name = 'TransferError'
  readonly code: TransferErrorCode
  readonly retryable: boolean
  readonly startOver: boolean
  readonly retryAfterMs: number | undefined

  constructor(code: TransferErrorCode, options: TransferErrorOptions = {}) {
    const { cause, retryable = passes(code), startOver = code === 'source-changed' } = options
    super(messages[code], cause === undefined ? {} : { cause: new Error(cause) })
    this.code = code
    this.retryable = retryable
    this.startOver = startOver
    this.retryAfterMs = options.retryAfterMs
  }
}

/** Whether trouble of this kind passes by itself. */
function passes(code: TransferErrorCode): boolean {
  switch (code) {
    case 'source-unreachable':
    case 'source-incomplete':
    case 'source-changed':
    case 'destination-unreachable':
    case 'destination-busy':
    case 'destination-full':
      return true
    case 'source-forbidden':
    case 'source-refused':
    case 'source-not-found':
    case 'source-expired':
    case 'source-too-large':
    case 'too-many-redirects':
    case 'destination-refused':
    case 'file-exists':
      return false
  }
}
