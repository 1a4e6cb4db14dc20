import { BadCommandError, type Command } from './command.ts'
import { type Options, only } from './command-options.ts'

/** Of `partner new` and `partner check`. Whether what is said makes a partner is seen when it is made. */
export function parsePartnerCommand(
  second: string,
  rest: readonly string[],
  options: Options,
): Command {
  const [word, ...more] = rest
  if (word === undefined || more.length > 0) {
    throw new BadCommandError('Say one partner to make, or one file to check.')
  }
  if (second === 'check') {
    only(options, [])
    return { name: 'partner check', file: word }
  }
  if (second !== 'new') throw new BadCommandError(`There is no command "partner ${second}".`)
  only(options, ['name', 'redirect-uri', 'logout-uri', 'scopes', 'max-ial', 'keys'])
  const { keys } = options
  return {
    name: 'partner new',
    partner: {
      id: word,
      name: options.name ?? '',
      redirect_uris: options['redirect-uri'] ?? [],
      post_logout_redirect_uris: options['logout-uri'] ?? [],
      scopes: (options.scopes ?? 'openid').split(','),
      max_ial: options['max-ial'] === '2' ? 2 : 1,
      ...(keys !== undefined && { keyFile: keys }),
    },
  }
}
