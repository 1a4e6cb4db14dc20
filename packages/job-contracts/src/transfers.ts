import { z } from 'zod'

/** What destinations, S3 sources and consumers are called: in files of settings, in commands and in the API. */
export const transferName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/)

/** As AWS takes them. */
export const s3BucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)

/** What a secret of a destination is sealed as, in the worker's file of destinations. */
export const destinationSecretName = 'transfer-destination'

/** Of a consumer's own making, carried to the worker, to outgoing requests and to the log: printable ASCII, no space. */
export const transferCorrelationId = z.string().regex(/^[\x21-\x7e]{1,128}$/)

/** SHA-256 of a file, lower-case hex. */
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/)

/**
 * Why a transfer failed, or waits for its next try. A name is never reused for something else: consumers branch on it.
 * docs/transfers.md answers for every one.
 */
export const transferProblems = [
  'source-forbidden',
  'source-unreachable',
  'source-refused',
  'source-not-found',
  'source-expired',
  'source-too-large',
  'source-incomplete',
  'source-changed',
  'hash-mismatch',
  'too-many-redirects',
  'destination-unknown',
  'destination-unreachable',
  'destination-refused',
  'destination-busy',
  'destination-full',
  'file-exists',
  'timed-out',
  'unreadable',
  'cancelled',
  'internal',
] as const

export type TransferProblem = (typeof transferProblems)[number]

/** As it comes over the channel: a problem that a newer worker knows and this code does not is one of ours. */
export const transferProblem = z.enum(transferProblems).catch('internal')

/** What is done if a file of that name is there already. */
export const transferConflicts = ['fail', 'rename', 'replace'] as const

/** Names that Windows, SharePoint and OneDrive keep for themselves, with or without an extension. */
const reserved =
  /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|desktop\.ini|\.lock|~\$.*|.*_vti_.*)(?:\.[^.]*)?$/iu
// What no destination takes in a name, or what a person cannot see.
const forbidden = /["*:<>?/\\|%#\p{C}\p{Zl}\p{Zp}]/u

/**
 * One name of a file or folder that every destination takes, as written: composed (NFC), at most 200 bytes in UTF-8, so
 * that a number in brackets still fits into the 255 of most file systems.
 */
export const transferFileName = z
  .string()
  .transform((name) => name.normalize('NFC'))
  .pipe(
    z
      .string()
      .min(1)
      // Nothing else looks at what is too long: the time that takes would grow with its square.
      .refine((name) => new TextEncoder().encode(name).length <= 200, {
        error: 'too long',
        abort: true,
      })
      .refine((name) => !forbidden.test(name), 'has a character that not every destination takes')
      .refine((name) => !reserved.test(name), 'is a reserved name')
      .refine((name) => !/^[.\s]|[.\s]$/u.test(name), 'begins or ends with a dot or a space'),
  )

/** Folders below the destination's own, by `/`; empty for that one itself. Nothing in it leads upwards. */
export const transferPath = z
  .string()
  .max(400)
  .transform((path) => path.normalize('NFC'))
  .refine(
    (path) =>
      path === '' || path.split('/').every((part) => transferFileName.safeParse(part).success),
    'is not folders by "/", each a name that every destination takes',
  )
