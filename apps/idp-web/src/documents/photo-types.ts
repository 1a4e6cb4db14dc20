import type { WebConfig } from '../config.ts'

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

/** The type of a file from a form: browsers do not know YAML, so there the name counts. */
export function contentTypeOf(file: {
  readonly mimetype: string
  readonly filename: string
}): string {
  return /\.ya?ml$/i.test(file.filename) ? 'text/yaml' : file.mimetype.toLowerCase()
}
