import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'

/** An authenticator in software: it makes one passkey and answers with it, also in ways that none should. */
export interface SoftPasskey {
  readonly credentialId: string
  /** The answer to a question of /account/factors/passkey/options, as our script sends it. */
  register(question: Question, how?: Answering): string
  /** The answer to a question of /sign-in/passkey/options. */
  answer(question: Question, how?: Answering): string
}

/** What of a question it needs. */
export interface Question {
  readonly challenge: string
  readonly user?: { readonly id: string }
}

export interface Answering {
  readonly origin?: string
  readonly rpId?: string
  readonly userVerified?: boolean
  readonly signCount?: number
  readonly type?: string
  /** Instead of its own key. */
  readonly signedBy?: SoftPasskey
  readonly userHandle?: string
}

export interface Site {
  readonly origin: string
  readonly rpId: string
}

const keys = new WeakMap<SoftPasskey, ReturnType<typeof newKey>>()
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })

export function createSoftPasskey(site: Site): SoftPasskey {
  const key = newKey()
  const id = randomBytes(32)
  const credentialId = id.toString('base64url')
  let userHandle: string | undefined
  let signCount = 0

  const envelope = (response: object): string =>
    JSON.stringify({
      id: credentialId,
      rawId: credentialId,
      type: 'public-key',
      clientExtensionResults: {},
      response,
    })
  const authenticatorData = (how: Answering, attested?: Buffer): Buffer =>
    Buffer.concat([
      createHash('sha256')
        .update(how.rpId ?? site.rpId)
        .digest(),
      Buffer.from([0x01 | (how.userVerified === false ? 0 : 0x04) | (attested ? 0x40 : 0)]),
      uint32(how.signCount ?? signCount),
      attested ?? Buffer.alloc(0),
    ])

  const passkey: SoftPasskey = {
    credentialId,
    register(question, how = {}) {
      userHandle = question.user?.id
      const client = clientData(site, question, { type: 'webauthn.create', ...how })
      const attested = Buffer.concat([Buffer.alloc(16), uint16(id.length), id, coseKey(key)])
      const attestation = cborMap([
        [cborText('fmt'), cborText('none')],
        [cborText('attStmt'), cborMap([])],
        [cborText('authData'), cborBytes(authenticatorData(how, attested))],
      ])
      return envelope({
        clientDataJSON: client.toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      })
    },
    answer(question, how = {}) {
      signCount += 1
      const client = clientData(site, question, { type: 'webauthn.get', ...how })
      const data = authenticatorData(how)
      const signer = (how.signedBy && keys.get(how.signedBy)) ?? key
      const signature = createSign('sha256')
        .update(Buffer.concat([data, createHash('sha256').update(client).digest()]))
        .sign(signer.privateKey)
      return envelope({
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle: how.userHandle ?? userHandle,
      })
    },
  }
  keys.set(passkey, key)
  return passkey
}

function clientData(site: Site, { challenge }: Question, how: Answering): Buffer {
  const origin = how.origin ?? site.origin
  return Buffer.from(JSON.stringify({ type: how.type, challenge, origin, crossOrigin: false }))
}

/** RFC 9053 §7.1.1: an ES256 key on P-256. */
function coseKey({ publicKey }: ReturnType<typeof newKey>): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  return cborMap([
    [cborInteger(1), cborInteger(2)],
    [cborInteger(3), cborInteger(-7)],
    [cborInteger(-1), cborInteger(1)],
    [cborInteger(-2), cborBytes(Buffer.from(x, 'base64url'))],
    [cborInteger(-3), cborBytes(Buffer.from(y, 'base64url'))],
  ])
}

const uint16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff])

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** RFC 8949 §3: the major type and a length or value below 65,536. */
function cborHead(major: number, value: number): Buffer {
  const type = major << 5
  if (value < 24) return Buffer.from([type | value])
  return value < 256
    ? Buffer.from([type | 24, value])
    : Buffer.concat([Buffer.from([type | 25]), uint16(value)])
}

const cborInteger = (value: number): Buffer =>
  value < 0 ? cborHead(1, -1 - value) : cborHead(0, value)
const cborBytes = (bytes: Buffer): Buffer => Buffer.concat([cborHead(2, bytes.length), bytes])

const cborText = (text: string): Buffer =>
  Buffer.concat([cborHead(3, Buffer.byteLength(text)), Buffer.from(text)])
const cborMap = (entries: readonly (readonly [Buffer, Buffer])[]): Buffer =>
  Buffer.concat([cborHead(5, entries.length), ...entries.flat()])
