import { expect, test } from 'vitest'
import { bringsCertificates } from './passkey-answers.ts'

/** An attestation object as CBOR: `fmt`, `attStmt` in hexadecimal, and one byte of `authData`. */
function registration(fmt: string, statement: string) {
  const text = (words: string) =>
    (0x60 + words.length).toString(16) + Buffer.from(words).toString('hex')
  const object = `a3${text('fmt')}${text(fmt)}${text('attStmt')}${statement}${text('authData')}4100`
  return {
    id: 'A',
    rawId: 'A',
    type: 'public-key' as const,
    clientExtensionResults: {},
    response: {
      clientDataJSON: 'A',
      attestationObject: Buffer.from(object, 'hex').toString('base64url'),
      transports: [],
    },
  }
}

const noStatement = 'a0'
const algorithmAlone = 'a163616c6726'
const certificates = 'a16378356380'

test.each([
  ['none', noStatement, false],
  ['packed', algorithmAlone, false],
  ['packed', certificates, true],
  ['apple', certificates, true],
  ['android-key', noStatement, true],
  ['tpm', noStatement, true],
])('an attestation “%s” of %s brings certificates: %s', (fmt, statement, brings) => {
  expect(bringsCertificates(registration(fmt, statement))).toBe(brings)
})

test('what cannot be read is taken for the worst', () => {
  const { response, ...rest } = registration('none', noStatement)

  expect(bringsCertificates({ ...rest, response: { ...response, attestationObject: 'A' } })).toBe(
    true,
  )
})
