import { credentialClaims } from '@anteroom/credential'
import { jobs } from '@anteroom/job-contracts'
import { BadCommandError, type Command, type Order, revocationReasons } from './command.ts'
import { type OptionName, type Options, only, split } from './command-options.ts'
import { parsePartnerCommand } from './parse-partner-command.ts'

/** @throws BadCommandError for anything that is not exactly one command. */
export function parseCommand(line: readonly string[], env: NodeJS.ProcessEnv): Command {
  const { words, options } = split(line)
  if (options.help || words.length === 0 || words[0] === 'help') return { name: 'help' }
  const [first = '', second = '', ...rest] = words
  if (first === 'audit') {
    only(options, ['last'])
    none(words.slice(1))
    return { name: 'audit', last: wholeNumber('--last', options.last ?? '20', [1, 1000]) }
  }
  if (first === 'partner') return parsePartnerCommand(second, rest, options)
  if (first === 'line' && second === 'status') {
    only(options, [])
    none(rest)
    return { name: 'line status' }
  }
  return {
    name: 'order',
    order: parseOrder(`${first} ${second}`.trim(), rest, options),
    actor: actorOf(options, env),
    waitSeconds: wholeNumber('--wait', options.wait ?? '5', [0, 60]),
  }
}

function parseOrder(name: string, rest: readonly string[], options: Options): Order {
  switch (name) {
    case 'line pause':
    case 'line resume':
    case 'line drain':
    case 'line open':
      onlyOrders(options, [])
      none(rest)
      return { name }
    case 'line rate':
      onlyOrders(options, [])
      return { name, ...parseRate(rest) }
    case 'line message':
      onlyOrders(options, ['clear'])
      return options.clear ? noMessage(rest) : { name, message: parseMessage(rest) }
    case 'credential revoke':
      onlyOrders(options, ['reason'])
      return { name, numbers: parseNumbers(rest), reason: parseReason(options) }
    default:
      throw new BadCommandError(`There is no command "${name}".`)
  }
}

const { deadlineSeconds } = jobs.credentialIssuance
const units = { s: 1, m: 60, h: 3600 } as const

function parseRate(rest: readonly string[]): { calls: number; windowSeconds: number } {
  const [, calls, count, unit] = /^(\d{1,6})\/(\d{1,5})([smh])$/.exec(rest[0] ?? '') ?? []
  if (rest.length !== 1 || (unit !== 's' && unit !== 'm' && unit !== 'h')) {
    throw new BadCommandError('A rate is calls per window, such as 50/1s, 600/1m or 1000/1h.')
  }
  const rate = { calls: Number(calls), windowSeconds: Number(count) * units[unit] }
  // The worker would refuse it, and then it is too late to say so.
  const wanted = jobs.quotaControl.payload.safeParse({ vendor: 'registry', revision: 1, ...rate })
  if (!wanted.success) {
    throw new BadCommandError('A rate is 1 to 100000 calls in a window of 1 second to 24 hours.')
  }
  if (rate.windowSeconds / rate.calls > deadlineSeconds) {
    throw new BadCommandError(
      `A rate is at least one call in ${deadlineSeconds} s: whoever is called has no longer until their turn. To call nobody, pause the line.`,
    )
  }
  return rate
}

// Not a letter, mark, digit, sign or space: controls, line breaks, what turns the direction of text.
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u
const maxMessage = 300

function parseMessage(rest: readonly string[]): string {
  if (rest.length !== 1) {
    throw new BadCommandError('Give the message as one text in quotes, or --clear.')
  }
  const message = rest[0]?.trim() ?? ''
  // As Postgres counts them: an emoji is one.
  const length = [...message].length
  if (length === 0 || length > maxMessage || unprintable.test(message)) {
    throw new BadCommandError(`A message is one line of 1 to ${maxMessage} characters.`)
  }
  return message
}

function noMessage(rest: readonly string[]): Order {
  if (rest.length > 0) throw new BadCommandError('Give a message or --clear, not both.')
  return { name: 'line message' }
}

function parseNumbers(rest: readonly string[]): string[] {
  const numbers = [...new Set(rest)]
  const wrong = numbers.filter((number) => !credentialClaims.shape.no.safeParse(number).success)
  if (wrong.length > 0) {
    throw new BadCommandError(
      `Not a credential's number: ${wrong.map(quoted).join(', ')}. It is printed like K7Q2-4821-9930, in capital letters.`,
    )
  }
  const { success } = jobs.credentialRevocations.payload.safeParse({ numbers })
  if (numbers.length === 0 || !success) {
    throw new BadCommandError('Give 1 to 1000 numbers of credentials.')
  }
  return numbers
}

function parseReason({ reason }: Options): (typeof revocationReasons)[number] {
  const known = revocationReasons.find((it) => it === reason)
  if (known) return known
  throw new BadCommandError(`Say why: --reason ${revocationReasons.join('|')}.`)
}

function actorOf({ actor }: Options, { USER }: NodeJS.ProcessEnv): string {
  const name = actor ?? USER ?? ''
  if (/^[A-Za-z0-9._@+-]{1,64}$/.test(name)) return name
  throw new BadCommandError(
    'Say who you are: --actor, or $USER; 1 to 64 letters, digits and ._@+- .',
  )
}

function wholeNumber(option: string, text: string, [min, max]: readonly [number, number]): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new BadCommandError(`${option} is a whole number, ${min} to ${max}.`)
}

function onlyOrders(options: Options, allowed: readonly OptionName[]): void {
  only(options, ['actor', 'wait', ...allowed])
}

function none(rest: readonly string[]): void {
  if (rest.length > 0) throw new BadCommandError(`Too much: ${rest.map(quoted).join(' ')}.`)
}

/** What was typed, safe to show in a terminal. */
function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 40)).replace(/[\u007f-\u009f\p{Cf}]/gu, '\ufffd')
}
