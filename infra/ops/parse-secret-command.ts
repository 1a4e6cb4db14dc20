import { BadCommandError, type SealedName, type SecretCommand, sealedNames } from './command.ts'
import { type Options, only } from './command-options.ts'

/** Of `secret seal`. The secret itself is never part of a command: others could see it there. */
export function parseSecretCommand(
  second: string,
  rest: readonly string[],
  options: Options,
): SecretCommand {
  if (second !== 'seal') throw new BadCommandError(`There is no command "secret ${second}".`)
  only(options, [])
  const [name, id, ...more] = rest
  const sealed = Object.keys(sealedNames).find((it): it is SealedName => it === name)
  if (sealed === undefined) {
    throw new BadCommandError(`Say what it is: ${Object.keys(sealedNames).join(' or ')}.`)
  }
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(id ?? '') || more.length > 0) {
    throw new BadCommandError(`Say whose it is by ${sealedNames[sealed]}, and nothing more.`)
  }
  return { name: 'secret seal', sealed, id: id ?? '' }
}
