import { createSecretKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decrypt, encrypt } from './aes-gcm.ts'

interface Vector {
  readonly key: string
  readonly iv: string
  readonly plaintext: string
  readonly aad: string
  readonly ciphertext: string
  readonly tag: string
}

const key = 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308'
const iv = 'cafebabefacedbaddecaf888'
const plaintext =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255'
const ciphertext =
  '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad'

/** McGrew and Viega, “The Galois/Counter Mode of Operation”, appendix B, test cases 13 to 16. */
const vectors: readonly Vector[] = [
  {
    key: '00'.repeat(32),
    iv: '00'.repeat(12),
    plaintext: '',
    aad: '',
    ciphertext: '',
    tag: '530f8afbc74536b9a963b4f1c4cb738b',
  },
  {
    key: '00'.repeat(32),
    iv: '00'.repeat(12),
    plaintext: '00'.repeat(16),
    aad: '',
    ciphertext: 'cea7403d4d606b6e074ec5d3baf39d18',
    tag: 'd0d1c8a799996bf0265b98b5d48ab919',
  },
  { key, iv, plaintext, aad: '', ciphertext, tag: 'b094dac5d93471bdec1a502270e3cc6c' },
  {
    key,
    iv,
    plaintext: plaintext.slice(0, 120),
    aad: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    ciphertext: ciphertext.slice(0, 120),
    tag: '76fc6ece0f4e1768cddf8853bb2d551b',
  },
]

const bytes = (text: string): Buffer => Buffer.from(text, 'hex')

/** The plaintext as hexadecimal digits, undefined if the message is refused. */
function open(vector: Vector): string | undefined {
  const { iv, ciphertext, tag, aad } = vector
  const encrypted = { iv: bytes(iv), ciphertext: bytes(ciphertext), tag: bytes(tag) }
  const opened = decrypt(createSecretKey(bytes(vector.key)), encrypted, bytes(aad))
  return opened && Buffer.from(opened).toString('hex')
}

describe.each(vectors)('the published message with the tag $tag', (vector) => {
  test('opens to the published text', () => {
    expect(open(vector)).toBe(vector.plaintext)
  })

  test.each(['key', 'iv', 'ciphertext', 'tag', 'aad'] as const)(
    'does not open with any bit of its %s flipped',
    (part) => {
      const whole = bytes(vector[part])

      const opened = Array.from({ length: whole.length * 8 }, (_, bit) => {
        const flipped = Buffer.from(whole)
        flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        return open({ ...vector, [part]: flipped.toString('hex') })
      })

      expect(opened.filter((text) => text !== undefined)).toEqual([])
    },
  )

  test.each([0, 4, 8, 12, 13, 14, 15, 17, 32])('does not open with a tag of %i bytes', (length) => {
    expect(open({ ...vector, tag: resized(vector.tag, length) })).toBeUndefined()
  })

  test.each([0, 1, 8, 11, 13, 16, 64])('does not open with an IV of %i bytes', (length) => {
    expect(open({ ...vector, iv: resized(vector.iv, length) })).toBeUndefined()
  })

  test('does not open when anything is added to what was authenticated', () => {
    expect(open({ ...vector, aad: `${vector.aad}00` })).toBeUndefined()
    expect(open({ ...vector, ciphertext: `${vector.ciphertext}00` })).toBeUndefined()
  })
})

test('what is encrypted twice has two initialisation vectors and opens both times', () => {
  const secret = createSecretKey(bytes(key))
  const aad = bytes('aa')

  const [one, two] = [
    encrypt(secret, bytes(plaintext), aad),
    encrypt(secret, bytes(plaintext), aad),
  ]

  expect(Buffer.compare(one.iv, two.iv)).not.toBe(0)
  for (const encrypted of [one, two]) {
    expect(decrypt(secret, encrypted, aad)).toEqual(bytes(plaintext))
  }
})

/** Cut, or filled up with zeros. */
function resized(text: string, length: number): string {
  return text.slice(0, 2 * length).padEnd(2 * length, '0')
}
