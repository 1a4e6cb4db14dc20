import type { TransferCall } from './source.ts'

export interface Place {
  /** Folders by `/`, below the destination's own; empty for that one itself. */
  readonly path: string
  readonly filename: string
}

/** A file that stands there. */
export interface FoundFile {
  readonly size: number
  /** What the destination tells of its content, each as `kind:value`. */
  readonly proofs: readonly string[]
  /** For how long at most it has stood there, by the server's own clock, if that tells. */
  readonly ageMs?: number | undefined
}

export interface UploadPlan {
  readonly place: Place
  /** Random, and the same in every start: for names of what is not finished. */
  readonly transferId: string
  /** Otherwise what is there is replaced. */
  readonly mustBeNew: boolean
  readonly size: number | undefined
  /** Of the whole file, hex, if that is known before. */
  readonly sha256: string | undefined
  readonly mediaType: string
  /** What {@link Upload.state} said before a crash. */
  readonly resume?: unknown
  /** So much of what was sent before the crash will be checked. A destination that can goes on there, and writes over the rest. */
  readonly resumeAtMost?: number
}

/**
 * Where files are put. A file is invisible there, or at least not under its name, until it is whole: `commit` shows it, once. Every
 * error is a TransferError.
 */
export interface Destination {
  /** Whether it wants to know how long a file is before the first byte. */
  readonly needsSize: boolean
  /** What stands at this place now; undefined if there is nothing. */
  find(place: Place, call: TransferCall): Promise<FoundFile | undefined>
  /** Where nothing is told of a file's content: whether this transfer's upload, which was whole, has been shown. */
  hasShown?(place: Place, transferId: string, call: TransferCall): Promise<boolean>
  /** Begins an upload, or goes on with one that is still there. */
  open(plan: UploadPlan, call: TransferCall): Promise<Upload>
  /** Takes a file away that is not what it should be. */
  remove(place: Place, call: TransferCall): Promise<void>
}

export interface Upload {
  /** How many bytes of the file are there already and need not be sent again. */
  readonly offset: number
  /** Every piece but the last is this long. */
  readonly pieceBytes: number
  /** Is shown every byte of the file in order, also those that are not sent again. */
  readonly see?: (bytes: Uint8Array) => void
  /** Sends one piece that is not the last. The bytes are free again when it returns. */
  write(piece: Uint8Array): Promise<void>
  /** By which a later start goes on with it, as JSON; undefined where nobody can. */
  state(): unknown
  /** `kind:value` of the whole file as the destination will tell it; asked when all bytes were seen and the last piece is at hand. */
  proof(last: Uint8Array): string | undefined
  /** Sends the last piece and shows the file under its name. Until then nothing stands there. */
  commit(last: Uint8Array, sha256: string): Promise<void>
  /** Takes back what was sent; never throws. */
  abort(): Promise<void>
}

/** Whether what is told of a file says anything of its content that can be compared. */
export function isProven(found: FoundFile, sent: { readonly proofs: readonly string[] }): boolean {
  const kinds = new Set(found.proofs.map((proof) => split(proof)[0]))
  return sent.proofs.some((proof) => kinds.has(split(proof)[0]))
}

/**
 * Whether a file is the one that was sent: of the same size, and of the proofs that both have the same kind of, every one is equal.
 */
export function isSameFile(
  found: FoundFile,
  sent: { readonly size: number; readonly proofs: readonly string[] },
): boolean {
  const told = new Map(found.proofs.map(split))
  return (
    found.size === sent.size &&
    sent.proofs.map(split).every(([kind, value]) => (told.get(kind) ?? value) === value)
  )
}

function split(proof: string): [string, string] {
  const at = proof.indexOf(':')
  return [proof.slice(0, at), proof.slice(at + 1)]
}
