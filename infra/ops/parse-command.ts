import { credentialClaims } from '@anteroom/credential'
import { jobs } from '@anteroom/job-contracts'
import { longestLineMessage, readLineMessage } from '@anteroom/operations'
import { BadCommandError, type Command, type Order, revocationReasons } from './command.ts'
import { actorOf, type OptionName, type Options, only, split } from './command-options.ts'
import { parseDeadCommand } from './parse-dead-command.ts'
import { isAboutJobs, parseJobCommand } from './parse-job-command.ts'
import { parseOperatorCommand } from './parse-operator-command.ts'
import { parsePartnerCommand } from './parse-partner-command.ts'
import { parseResigned } from './parse-resigned.ts'
import { parseSecretCommand } from './parse-secret-command.ts'
import { parseTransferCommand } from './parse-transfer-command.ts'
import { wholeNumber } from './whole-number.ts'

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
  if (first === 'transfer') {
    const actor = () => actorOf(options, env)
    return {
      name: 'transfer',
      transfer: parseTransferCommand({ words: words.slice(1), options, actor }),
    }
  }
  if (first === 'dead') return parseDeadCommand(second, rest, { options, env })
  if (isAboutJobs(first)) return parseJobCommand(first, words.slice(1), { options, env })
  if (first === 'operator') return parseOperatorCommand(second, rest, options)
  if (first === 'partner') return parsePartnerCommand(second, rest, options)
  if (first === 'secret') return parseSecretCommand(second, rest, options)
  if (first === 'line' && second === 'status') {
    only(options, [])
    none(rest)
    return { name: 'line status' }
  }
  if (first === 'events' && second === 'held') {
    only(options, [])
    none(rest)
    return { name: 'events held' }
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
    case 'account suspend':
    case 'account reinstate':
      onlyOrders(options, [])
      return { name, whom: parseWhom(rest) }
    case 'credential revoke':
      onlyOrders(options, ['reason'])
      return { name, numbers: parseNumbers(rest), reason: parseReason(options) }
    case 'events hold':
    case 'events release':
      onlyOrders(options, [])
      return { name, partner: parsePartner(rest) }
    case 'events resign':
      onlyOrders(options, ['partner', 'since'])
      return { name, which: parseResigned(rest, options) }
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

function parseMessage(rest: readonly string[]): string {
  if (rest.length !== 1) {
    throw new BadCommandError('Give the message as one text in quotes, or --clear.')
  }
  const message = readLineMessage(rest[0] ?? '')
  if (message === undefined) {
    throw new BadCommandError(`A message is one line of 1 to ${longestLineMessage} characters.`)
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

function parsePartner(rest: readonly string[]): string {
  const [partner = '', ...more] = rest
  if (/^[a-z0-9][a-z0-9-]{1,62}$/.test(partner) && more.length === 0) return partner
  throw new BadCommandError('Say one partner, by its id in the partners file.')
}

/** An address, or an account's id as these commands print it. */
function parseWhom(rest: readonly string[]): string {
  const [whom = '', ...more] = rest
  const isNamed = /^[A-Za-z0-9_-]{43}$/.test(whom) || /^[^\s@]{1,64}@[^\s@]{1,255}$/.test(whom)
  if (isNamed && more.length === 0) return whom
  throw new BadCommandError('Say whose account: one e-mail address, or the id of one account.')
}

function parseReason({ reason }: Options): (typeof revocationReasons)[number] {
  const known = revocationReasons.find((it) => it === reason)
  if (known) return known
  throw new BadCommandError(`Say why: --reason ${revocationReasons.join('|')}.`)
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
