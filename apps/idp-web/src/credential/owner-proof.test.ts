import { describe, expect, test } from 'vitest'
import { isOwnerProof, ownerProof } from './owner-proof.ts'

const key = (byte: number) => ({ id: String(byte), key: new Uint8Array(32).fill(byte) })
const [older, newer, foreign] = [key(1), key(2), key(3)]
const holding = { device: 'd'.repeat(43), ticketId: 't'.repeat(43) }

describe('the proof of an owner', () => {
  const proof = ownerProof({ cookieKeys: [newer, older] }, holding)

  test('fits its device and its ticket, and names neither', () => {
    expect(isOwnerProof({ cookieKeys: [newer] }, holding, proof)).toBe(true)
    expect(proof).toMatch(/^[\w-]{43}$/)
  })

  test('is made with the newest key, and taken under an older one as long as that is listed', () => {
    const made = ownerProof({ cookieKeys: [older] }, holding)

    expect(made).not.toBe(proof)
    expect(isOwnerProof({ cookieKeys: [newer, older] }, holding, made)).toBe(true)
    expect(isOwnerProof({ cookieKeys: [newer] }, holding, made)).toBe(false)
  })

  test.each([
    ['another device', { ...holding, device: 'x'.repeat(43) }],
    ['another ticket', { ...holding, ticketId: 'x'.repeat(43) }],
    ['the two exchanged', { device: holding.ticketId, ticketId: holding.device }],
  ])('does not fit %s', (_what, other) => {
    expect(isOwnerProof({ cookieKeys: [newer] }, other, proof)).toBe(false)
  })

  test('fits in no character but its own, the bits that base64url leaves over included', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const changed = [...proof].flatMap((own, index) =>
      [...alphabet]
        .filter((letter) => letter !== own)
        .map((letter) => proof.slice(0, index) + letter + proof.slice(index + 1)),
    )

    const taken = changed.filter((given) =>
      isOwnerProof({ cookieKeys: [newer, older] }, holding, given),
    )

    expect(changed).toHaveLength(43 * 63)
    expect(taken).toEqual([])
  })

  test.each([undefined, '', proof.slice(1), `${proof}=`, proof.repeat(2)])(
    'is not "%s"',
    (given) => {
      expect(isOwnerProof({ cookieKeys: [newer, foreign] }, holding, given)).toBe(false)
    },
  )
})
