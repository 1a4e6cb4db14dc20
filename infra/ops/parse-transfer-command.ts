import { isAddressRefused } from '@anteroom/idp-web/transfers'
import { fields, jobs, s3BucketName, transferName, transferPath } from '@anteroom/job-contracts'
import { BadCommandError } from './command.ts'
import { type Options, only } from './command-options.ts'
import type {
  ConsumerScopes,
  Expected,
  ReceiverWish,
  TransferCommand,
  WebhookWhich,
} from './transfer-command.ts'
import { wholeNumber } from './whole-number.ts'

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
      return {
        name,
        actor: actor(),
        consumer: consumerOf(rest),
        scopes: scopesOf(name, options),
        ...receiverOf(options),
      }
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
      const hours = wholeNumber('--hours', options.hours ?? '168', [1, 720])
      return { name, actor: actor(), consumer: consumerOf(rest), days: daysOf(options), hours }
    }
    case 'transfer key revoke':
      only(options, ['actor'])
      return { name, actor: actor(), key: keyOf(rest) }
    case 'transfer key list':
      only(options, [])
      return { name, consumer: consumerOf(rest) }
    case 'transfer webhook list':
      only(options, [])
      return rest.length === 0 ? { name } : { name, consumer: consumerOf(rest) }
    case 'transfer webhook replay':
      only(options, ['actor'])
      return { name, actor: actor(), which: whichOf(rest) }
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
  'max-open',
  'email',
  'webhook',
  'credentials',
  'name',
] as const

const gibibyte = 1_073_741_824

const isName = (text: string): boolean => transferName.safeParse(text).success
const isBucket = (text: string): boolean => s3BucketName.safeParse(text).success
const isHost = (text: string): boolean => /^(?:\*|(?:\*\.)?(?:[a-z0-9-]+\.)*[a-z0-9-]+)$/.test(text)

function scopesOf(name: string, options: Options): ConsumerScopes {
  const isNew = name === 'transfer consumer new'
  const { destinations, email, webhook } = options
  if (isNew && destinations === undefined) {
    throw new BadCommandError('Say where it may send to: --destinations <name>,<name>.')
  }
  const maxBytes = options['max-bytes'] ?? (isNew ? String(gibibyte) : undefined)
  const perMinute = options['per-minute'] ?? (isNew ? '600' : undefined)
  const maxOpen = options['max-open']
  const hosts = options['source-hosts']
  const buckets = options['source-buckets']
  const prefix = options['path-prefix']
  return {
    ...(destinations !== undefined && {
      destinations: listOf('--destinations', destinations, isName),
    }),
    ...(hosts !== undefined && {
      sourceHosts: listOf('--source-hosts', hosts, isHost),
    }),
    ...(buckets !== undefined && {
      sourceBuckets: listOf('--source-buckets', buckets, isBucket),
    }),
    ...(prefix !== undefined && { pathPrefix: prefixOf(prefix) }),
    ...(maxBytes !== undefined && {
      maxBytes: wholeNumber('--max-bytes', maxBytes, [1, 1_024 * gibibyte]),
    }),
    ...(perMinute !== undefined && {
      perMinute: wholeNumber('--per-minute', perMinute, [1, 100_000]),
    }),
    ...(maxOpen !== undefined && { maxOpen: wholeNumber('--max-open', maxOpen, [1, 100_000]) }),
    ...(email !== undefined && { email: emailOf(email) }),
    ...(webhook !== undefined && { webhookUrl: webhookOf(webhook) }),
  }
}

function receiverOf({ credentials, name }: Options): { readonly receiver?: ReceiverWish } {
  if (credentials === undefined && name === undefined) return {}
  return {
    receiver: {
      ...(name !== undefined && { name: publicName(name) }),
      ...(credentials !== undefined && placeOf(credentials)),
    },
  }
}

function publicName(text: string): string {
  const name = fields.line.safeParse(text)
  if (name.success) return name.data
  throw new BadCommandError('--name is what people call the agency, in one line.')
}

/** `county-records/permits/in`; an empty text takes it away. */
function placeOf(text: string): ReceiverWish {
  if (text === '') return { destination: '' }
  const [destination = '', ...folders] = text.split('/')
  const folder = transferPath.safeParse(folders.join('/'))
  if (isName(destination) && folder.success) {
    return { destination, ...(folders.length > 0 && { folder: folder.data }) }
  }
  throw new BadCommandError('--credentials is a destination, and folders behind it by "/".')
}

/** By commas; an empty text is none. */
function listOf(option: string, text: string, isOne: (name: string) => boolean): string[] {
  const names = text === '' ? [] : text.split(',')
  if (names.every(isOne)) return [...new Set(names)]
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
  if (!jobs.webhookDelivery.payload.shape.url.safeParse(text).success) {
    throw new BadCommandError('--webhook is an https address of at most 2048 characters.')
  }
  // This machine is taken everywhere: the worker refuses it where it connects, unless `push_private_hosts` names it.
  if (!isAddressRefused(text, []) || /^https:\/\/localhost:\d+\//.test(text)) return text
  throw new BadCommandError('--webhook is a public https address, without a port, a user and "#".')
}

function consumerOf(rest: readonly string[]): string {
  const [word] = rest
  if (rest.length === 1 && word !== undefined && isName(word)) return word
  throw new BadCommandError('Say one consumer: 1 to 63 small letters, digits and "-".')
}

function keyOf(rest: readonly string[]): string {
  const [, id] = /^(?:at_)?([a-z0-9]{16})$/.exec(rest[0] ?? '') ?? []
  if (rest.length === 1 && id !== undefined) return id
  throw new BadCommandError(
    'Say one key by its id, as `transfer key list` shows it; never the key itself.',
  )
}

/** So many are written into the audit in one line. */
const maxMessages = 500

function whichOf(rest: readonly string[]): WebhookWhich {
  const areIds = rest.length > 0 && rest.every((word) => /^msg_[\w-]{22}$/.test(word))
  if (!areIds) return { consumer: consumerOf(rest) }
  if (rest.length <= maxMessages) return { messages: rest }
  throw new BadCommandError(`At most ${maxMessages} messages at once.`)
}

const daysOf = ({ days }: Options): number => wholeNumber('--days', days ?? '90', [1, 366])

function expectedOf(text: string): Expected {
  const [, consumer, number, hash] = /^([a-z0-9-]+):(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? []
  if (consumer !== undefined && number !== undefined && hash !== undefined) {
    return { consumer, number: Number(number), hash }
  }
  throw new BadCommandError(
    '--expect is what an earlier verification printed: <consumer>:<number>:<hash>.',
  )
}
