import { isOperatorName } from '@anteroom/operations'
import { BadCommandError, type Command } from './command.ts'
import { type Options, only } from './command-options.ts'

/** Of `operator new`. */
export function parseOperatorCommand(
  second: string,
  rest: readonly string[],
  options: Options,
): Command {
  if (second !== 'new') throw new BadCommandError(`There is no command "operator ${second}".`)
  only(options, [])
  const [operator = '', ...more] = rest
  if (!isOperatorName(operator) || more.length > 0) {
    throw new BadCommandError('Say one name: 1 to 64 letters, digits and ._@+- .')
  }
  return { name: 'operator new', operator }
}
