import { isAddressRefused } from '@anteroom/idp-web/transfers'
import { fields, transferName, transferPath } from '@anteroom/job-contracts'
import { BadCommandError } from './command.ts'
import { type Options, only } from './command-options.ts'
import type { ConsumerScopes, Expected, TransferCommand } from './transfer-command.ts'

interface Said {
  /** The words behind `transfer`. */
  readonly words: readonly string[]
  readonly options: Options
  /** Who orders it; asked for only where something is changed. */
  readonly actor: () => string
}

/** @throws BadCommandError */
export function parseTransferCommand({ words, options, actor }: Said): TransferCommand {
  const [first = '', second = '', ...rest] = words
  const name = `transfer ${first} ${second}`.trim()
  switch (name) {
    case 'transfer consumer new':
    case 'transfer consumer change':
      only(options, ['actor', ...scopeOptions])
      return { name, actor: actor(), consumer: consumerOf(rest), scopes: scopesOf(name, options) }
    case 'transfer consumer enable':
    case 'transfer consumer disable':
      only(options, ['actor'])
      return { name, actor: actor(), consumer: consumerOf(rest) }
    case 'transfer consumer list':
      only(options, [])
      if (rest.length > 0) throw new BadCommandError('Too much: it lists all of them.')
      return { name }
    case 'transfer key new':
      only(options, ['actor', 'days'])
      return { name, actor: actor(), consumer: consumerOf(rest), days: daysOf(options) }
    case 'transfer key rotate': {
      only(options, ['actor', 'days', 'hours'])
      const hours = whole('--hours', options.hours ?? '168', [1, 720])
      return { name, actor: actor(), consumer: consumerOf(rest), days: daysOf(options), hours }
    }
    case 'transfer key revoke':
      only(options, ['actor'])
      return { name, actor: actor(), key: keyOf(rest) }
    case 'transfer key list':
      only(options, [])
      return { name, consumer: consumerOf(rest) }
    case 'transfer audit verify':
      only(options, ['expect'])
      return { name, expected: (options.expect ?? []).map(expectedOf) }
    default:
      throw new BadCommandError(`There is no command "${name}".`)
  }
}

const scopeOptions = [
  'destinations',
  'source-hosts',
  'source-buckets',
  'path-prefix',
  'max-bytes',
  'per-minute',
  'email',
  'webhook',
] as const

const gibibyte = 1_073_741_824

function scopesOf(name: string, options: Options): ConsumerScopes {
  const isNew = name === 'transfer consumer new'
  const { destinations, email, webhook } = options
  if (isNew && destinations === undefined) {
    throw new BadCommandError('Say where it may send to: --destinations <name>,<name>.')
  }
  const maxBytes = options['max-bytes'] ?? (isNew ? String(gibibyte) : undefined)
  const perMinute = options['per-minute'] ?? (isNew ? '600' : undefined)
  const hosts = options['source-hosts']
  const buckets = options['source-buckets']
  const prefix = options['path-prefix']
  return {
    ...(destinations !== undefined && {
      destinations: listOf('--destinations', destinations, /^[a-z0-9][a-z0-9-]{0,62}$/),
    }),
    ...(hosts !== undefined && {
      sourceHosts: listOf('--source-hosts', hosts, /^(?:\*|(?:\*\.)?(?:[a-z0-9-]+\.)*[a-z0-9-]+)$/),
    }),
    ...(buckets !== undefined && {
      sourceBuckets: listOf('--source-buckets', buckets, /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
    }),
    ...(prefix !== undefined && { pathPrefix: prefixOf(prefix) }),
    ...(maxBytes !== undefined && {
      maxBytes: whole('--max-bytes', maxBytes, [1, 1_024 * gibibyte]),
    }),
    ...(perMinute !== undefined && { perMinute: whole('--per-minute', perMinute, [1, 100_000]) }),
    ...(email !== undefined && { email: emailOf(email) }),
    ...(webhook !== undefined && { webhookUrl: webhookOf(webhook) }),
  }
}

/** By commas; an empty text is none. */
function listOf(option: string, text: string, pattern: RegExp): string[] {
  const names = text === '' ? [] : text.split(',')
  if (names.every((name) => pattern.test(name))) return [...new Set(names)]
  throw new BadCommandError(`${option} is a list by commas, in small letters.`)
}

function prefixOf(text: string): string {
  const path = transferPath.safeParse(text)
  if (path.success) return path.data
  throw new BadCommandError('--path-prefix is folders by "/", without ".." and reserved names.')
}

function emailOf(text: string): string {
  const address = fields.emailAddress.safeParse(text)
  if (address.success) return address.data
  throw new BadCommandError('--email is one address.')
}

function webhookOf(text: string): string {
  // Outside production it may be on this machine; the worker has the last word where it connects.
  if (!isAddressRefused(text, []) || /^https:\/\/localhost:\d+\//.test(text)) return text
  throw new BadCommandError('--webhook is a public https address, without a port, a user and "#".')
}

function consumerOf(rest: readonly string[]): string {
  const [word] = rest
  if (rest.length === 1 && transferName.safeParse(word).success && word !== undefined) return word
  throw new BadCommandError('Say one consumer: 1 to 63 small letters, digits and "-".')
}

function keyOf(rest: readonly string[]): string {
  const [, id] = /^(?:at_)?([a-z0-9]{16})$/.exec(rest[0] ?? '') ?? []
  if (rest.length === 1 && id !== undefined) return id
  throw new BadCommandError(
    'Say one key by its id, as `transfer key list` shows it; never the key itself.',
  )
}

const daysOf = ({ days }: Options): number => whole('--days', days ?? '90', [1, 366])

function whole(option: string, text: string, [min, max]: readonly [number, number]): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new BadCommandError(`${option} is a whole number, ${min} to ${max}.`)
}

function expectedOf(text: string): Expected {
  const [, consumer, number, hash] = /^([a-z0-9-]+):(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? []
  if (consumer !== undefined && number !== undefined && hash !== undefined) {
    return { consumer, number: Number(number), hash }
  }
  throw new BadCommandError(
    '--expect is what an earlier verification printed: <consumer>:<number>:<hash>.',
  )
}
