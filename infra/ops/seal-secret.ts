import { text } from 'node:stream/consumers'
import { BadCommandError, type SecretCommand } from './command.ts'
import type { OpsDeps } from './deps.ts'

const maxLength = 16_384

/** Prints a secret as it may stand in a file: sealed for the worker, and for nobody but whom it is for. */
export async function sealSecret(
  { sealed, id }: SecretCommand,
  { sealSetting, say }: Pick<OpsDeps, 'sealSetting' | 'say'>,
  input: NodeJS.ReadableStream,
): Promise<void> {
  // What a terminal or `echo` adds is not part of it.
  const secret = (await text(input)).replace(/\r?\n$/, '')
  if (secret === '' || secret.length > maxLength) {
    throw new BadCommandError(`Give the secret on standard input: 1 to ${maxLength} characters.`)
  }
  if (sealed === 'push-authorization' && !/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(secret)) {
    throw new BadCommandError('The value of a header is one line of printable ASCII.')
  }
  say(await sealSetting({ name: sealed, id }, secret))
}
