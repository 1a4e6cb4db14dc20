import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'
import { expect, test } from 'vitest'
import { localProvider, newKey, sealerWith, slot } from '../test-data/sealers.ts'
import { purposes } from './slot.ts'

/** Written here anew from RFC 5869 and the design, so that the format has a second author. */
async function newContentKey() {
  const context = { app: 'anteroom', environment: 'test', ...slot }
  const { plaintext, wrapped, keyId } = await localProvider.generate(context)
  return { key: contentKey(plaintext), header: header(keyId, Buffer.from(wrapped)) }
}

function contentKey(dataKey: Uint8Array): Uint8Array {
  const texts = ['anteroom-1', 'test', slot.purpose, slot.name, slot.id]
  const info = Buffer.concat(
    texts.map((text) => Buffer.from(`${String.fromCharCode(0, 0, 0, text.length)}${text}`)),
  )
  return new Uint8Array(hkdfSync('sha256', dataKey, newKey.key, info, 32))
}

function header(keyId: string, wrapped: Buffer) {
  const edk = wrapped.toString('base64url')
  const fixed = { typ: 'anteroom+jwe', v: 1, alg: 'dir', enc: 'A256GCM' } as const
  return { ...fixed, kid: newKey.id, kek: keyId, edk }
}

/** A message by node:crypto whose every part is free to choose. */
function compose(options: {
  key: Uint8Array
  header: string
  ivLength?: number
  tagLength?: number
  plaintext?: string
}): string {
  const { key, ivLength = 12, tagLength = 16, plaintext = 'secret' } = options
  const protectedHeader = Buffer.from(options.header).toString('base64url')
  const iv = randomBytes(ivLength)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength })
  cipher.setAAD(Buffer.from(protectedHeader))
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  const rest = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  return [protectedHeader, '', ...rest].join('.')
}

const sealer = sealerWith(localProvider)
const unopenable = expect.objectContaining({ code: 'SEAL_UNOPENABLE' })

test('what is sealed here opens with jose', async () => {
  const message = await sealer.seal(slot, 'Grüße, 李')
  const { edk, kek } = JSON.parse(String(Buffer.from(message.split('.')[0] ?? '', 'base64url')))
  const dataKey = await localProvider.unwrap(Buffer.from(edk, 'base64url'), kek, {
    app: 'anteroom',
    environment: 'test',
    ...slot,
  })

  const opened = await compactDecrypt(message, contentKey(dataKey))

  expect(Buffer.from(opened.plaintext).toString()).toBe('Grüße, 李')
  expect(opened.protectedHeader).toEqual(header('local:payload', Buffer.from(edk, 'base64url')))
})

test('what jose seals opens here', async () => {
  const made = await newContentKey()
  const message = await new CompactEncrypt(Buffer.from('Grüße, 李'))
    .setProtectedHeader(made.header)
    .encrypt(made.key)

  const opened = await sealer.open(slot, message)

  expect(String(opened)).toBe('Grüße, 李')
})

test('a message composed by hand to the letter of the format opens', async () => {
  const made = await newContentKey()

  const opened = await sealer.open(
    slot,
    compose({ key: made.key, header: JSON.stringify(made.header) }),
  )

  expect(String(opened)).toBe('secret')
})

test('a message with an initialisation vector of another size than 12 bytes is refused', async () => {
  const made = await newContentKey()
  const json = JSON.stringify(made.header)

  const sizes = [1, 4, 8, 11, 13, 16, 24, 32, 64]
  const opened = sizes.map((ivLength) =>
    sealer.open(slot, compose({ key: made.key, header: json, ivLength })),
  )

  for (const each of opened) await expect(each).rejects.toEqual(unopenable)
})

test('a message with a genuine but shorter tag is refused', async () => {
  const made = await newContentKey()
  const json = JSON.stringify(made.header)

  const sizes = [4, 8, 12, 13, 14, 15]
  const opened = sizes.map((tagLength) =>
    sealer.open(slot, compose({ key: made.key, header: json, tagLength })),
  )

  for (const each of opened) await expect(each).rejects.toEqual(unopenable)
})

test('a tag of any length other than 16 is refused', async () => {
  const message = await sealer.seal(slot, 'secret')
  const [tag = '', ...others] = message.split('.').reverse()
  const whole = Buffer.concat([Buffer.from(tag, 'base64url'), Buffer.alloc(16)])

  for (let length = 0; length <= whole.length; length++) {
    const resized = [whole.subarray(0, length).toString('base64url'), ...others].reverse().join('.')
    const opened = sealer.open(slot, resized)
    if (length === 16) await expect(opened).resolves.toBeDefined()
    else await expect(opened).rejects.toEqual(unopenable)
  }
})

type Change = (genuine: Readonly<Record<string, unknown>>) => object | string

test.each<[string, Change]>([
  ['a version of tomorrow', (it) => ({ ...it, v: 2 })],
  ['the version as text', (it) => ({ ...it, v: '1' })],
  ['no version', ({ v: _, ...it }) => it],
  ['another algorithm', (it) => ({ ...it, alg: 'A256KW' })],
  ['another encryption', (it) => ({ ...it, enc: 'A128GCM' })],
  ['another type', (it) => ({ ...it, typ: 'JWT' })],
  ['an unknown application key', (it) => ({ ...it, kid: 'nobody' })],
  ['a number for an application key', (it) => ({ ...it, kid: 1 })],
  ['another provider key', (it) => ({ ...it, kek: 'local:result' })],
  ['no provider key', ({ kek: _, ...it }) => it],
  ['an empty wrapped data key', (it) => ({ ...it, edk: '' })],
  ['a padded wrapped data key', (it) => ({ ...it, edk: `${it.edk}=` })],
  ['no wrapped data key', ({ edk: _, ...it }) => it],
  ['a member more', (it) => ({ ...it, zip: 'DEF' })],
  [
    'a member that reaches for the prototype',
    (it) => JSON.stringify(it).replace('{', '{"__proto__":{},'),
  ],
  ['a member twice', (it) => JSON.stringify(it).replace('{', '{"typ":"JWT",')],
  ['members in another order', (it) => Object.fromEntries(Object.entries(it).reverse())],
  ['white space', (it) => JSON.stringify(it, undefined, 1)],
  ['a character written as an escape', (it) => JSON.stringify(it).replace('dir', '\\u0064ir')],
  ['a list in place of members', () => []],
  ['null in place of members', () => 'null'],
  ['no JSON', () => 'secret'],
  ['nothing', () => ''],
  ['more than 2,048 characters', (it) => ({ ...it, kek: 'x'.repeat(2048) })],
])('a header with %s is refused, though encrypted with the right key', async (_what, change) => {
  const made = await newContentKey()
  const changed = change(made.header)
  const json = typeof changed === 'string' ? changed : JSON.stringify(changed)

  const opened = sealer.open(slot, compose({ key: made.key, header: json }))

  await expect(opened).rejects.toEqual(unopenable)
})

test.each<[string, (message: string) => string]>([
  ['a part more', (message) => `${message}.`],
  ['six full parts', (message) => `${message}.AAAA`],
  ['a part less', (message) => message.slice(0, message.lastIndexOf('.'))],
  ['an encrypted key', (message) => message.replace('..', '.AAAA.')],
  ['a character more at the end', (message) => `${message}A`],
  ['a character more at the start', (message) => `A${message}`],
  ['a line break at the end', (message) => `${message}\n`],
  ['white space at the start', (message) => ` ${message}`],
  ['padding after a part', (message) => message.replace('..', '==..')],
  ['padding at the end', (message) => `${message}==`],
  ['another last character of the same bytes', withSpareBitSet],
  ['a thousand dots', () => '.'.repeat(1000)],
])('a message with %s is refused', async (_what, alter) => {
  const message = await sealer.seal(slot, 'secret')

  const opened = sealer.open(slot, alter(message))

  await expect(opened).rejects.toEqual(unopenable)
})

/** A tag of 16 bytes leaves four bits of its last character unused. */
function withSpareBitSet(message: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.charAt(alphabet.indexOf(message.slice(-1)) + 1)
  return message.slice(0, -1) + last
}

test('every part of the message is refused in every other spelling of the same bytes', async () => {
  const message = await sealer.seal(slot, 'secret')
  const parts = message.split('.')

  for (const index of [0, 2, 3, 4]) {
    const part = parts[index] ?? ''
    const spellings = [`${part}=`, `${part}==`, ` ${part}`, `${part}\t`, `${part}*`]
    for (const spelling of spellings) {
      const respelled = parts.with(index, spelling).join('.')
      await expect(sealer.open(slot, respelled)).rejects.toEqual(unopenable)
    }
  }
})

test('the header says nothing of what was sealed, for whom or in which slot', async () => {
  const messages = await Promise.all(
    purposes.map((purpose) => sealer.seal({ ...slot, purpose }, 'secret')),
  )

  const headers = messages.map((message) =>
    JSON.parse(String(Buffer.from(message.split('.')[0] ?? '', 'base64url'))),
  )

  for (const each of headers) {
    expect(Object.keys(each)).toEqual(['typ', 'v', 'alg', 'enc', 'kid', 'kek', 'edk'])
    expect(JSON.stringify(each)).not.toContain(slot.id)
  }
})
