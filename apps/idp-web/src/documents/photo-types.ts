import type { WebConfig } from '../config.ts'
import { fileKindOf } from './file-kind.ts'

const photoTypes = ['image/jpeg', 'image/png']
/** Of the files that script the sandbox's reading. */
const fixtureTypes = ['text/yaml', 'application/yaml', 'application/x-yaml', 'text/x-yaml']

/** Whether a file that says to be of this type may be sent at all. What it really is, the worker finds out. */
export function isContentType(
  contentType: string,
  { documentFixtures }: Pick<WebConfig, 'documentFixtures'>,
): boolean {
  const types = documentFixtures ? [...photoTypes, ...fixtureTypes] : photoTypes
  return types.includes(contentType)
}

interface FormFile {
  readonly mimetype: string
  readonly filename: string
  /** Its first bytes, `headBytes` of them if it has so many. */
  readonly head: Uint8Array
}

/** Enough to tell a photo. */
export const headBytes = 8

/**
 * The type of a file from a form. Browsers do not know YAML, so there the name counts; and some have another name for
 * a photo, or none, so there its first bytes do.
 */
export function contentTypeOf({ mimetype, filename, head }: FormFile): string {
  if (/\.ya?ml$/i.test(filename)) return 'text/yaml'
  const named = mimetype.toLowerCase()
  return vagueTypes.includes(named) ? (photoTypeOf(head) ?? named) : named
}

/** The last is what the parser of forms makes of none. */
const vagueTypes = [
  'image/jpg',
  'image/pjpeg',
  'image/x-png',
  'application/octet-stream',
  'text/plain',
]

function photoTypeOf(head: Uint8Array): string | undefined {
  const kind = fileKindOf(head)
  return kind === 'jpeg' || kind === 'png' ? `image/${kind}` : undefined
}
