/** What every call to the outside takes along. */
export interface TransferCall {
  /** Calls it off. */
  readonly signal: AbortSignal
  readonly traceparent: string
  /** Of the consumer's own request. */
  readonly correlationId: string
}

/** How often in one start a broken connection is taken up again: a source that gives a byte each time would go on for ever. */
export const maxResumptions = 20

/** One file that is to be moved. */
export interface Source {
  /** Opens it from its first byte. @throws TransferError */
  open(call: TransferCall): Promise<OpenedSource>
}

export interface OpenedSource {
  /** In bytes, if the source tells. */
  readonly size?: number | undefined
  /** A strong validator, if the source tells one. */
  readonly etag?: string | undefined
  /** Nothing but the end of its connection says where it ends, which anybody on the way can bring about. */
  readonly mayBeCut?: boolean
  /** As the source calls it; nobody has checked it. */
  readonly suggestedName?: string | undefined
  /**
   * Its bytes, exactly `size` of them if that is known, in chunks that are whoever's who reads them. No more is read than is asked for. Where a connection breaks and the source
   * has a strong validator, it goes on from there. @throws TransferError
   */
  readonly bytes: AsyncIterable<Uint8Array>
  /** Ends it early. Ending twice is harmless. */
  close(): void
}
