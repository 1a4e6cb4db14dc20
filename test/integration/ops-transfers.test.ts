import { kmsKeyId } from '@anteroom/infra/local/policies.ts'
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ops, opsOf } from '../support/ops.ts'
import { startTestStack } from '../support/stack.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
let admin: pg.Pool
let ops: Ops
beforeAll(async () => {
  stack = await startTestStack()
  admin = new pg.Pool({ connectionString: stack.adminUrl, max: 4 })
  admin.on('error', () => undefined)
  ops = await opsOf(stack)
})
afterAll(async () => {
  await admin.end()
  await stack.stop()
})

const transfer = (...words: string[]) => ops(['transfer', ...words])

const newConsumer = (id: string, ...more: string[]) =>
  transfer('consumer', 'new', id, '--destinations', 'county-records', ...more)

test('a consumer is made, changed, disabled and listed, under the operator’s name', async () => {
  const made = await newConsumer(
    'permits-office',
    '--source-hosts',
    'files.permits.example,*.trees.example',
    '--path-prefix',
    'permits',
    '--max-bytes',
    '1000',
  )
  const changed = await transfer('consumer', 'change', 'permits-office', '--per-minute', '7')
  const disabled = await transfer('consumer', 'disable', 'permits-office')
  const listed = await transfer('consumer', 'list')

  expect([made.code, changed.code, disabled.code]).toEqual([0, 0, 0])
  expect(listed.said).toContain(
    'permits-office  disabled  from files.permits.example,*.trees.example  to county-records  below /permits  1000 bytes  7 a minute',
  )
  const { rows } = await admin.query<{ actor: string; command: string }>(
    'select actor, command from ops.audit order by id',
  )
  expect(rows).toEqual([
    { actor: 'ada', command: 'transfer consumer new' },
    { actor: 'ada', command: 'transfer consumer change' },
    { actor: 'ada', command: 'transfer consumer disable' },
  ])
})

test('an empty list takes everything away, and none changes nothing', async () => {
  await newConsumer('emptied-office', '--source-hosts', 'a.example', '--source-buckets', 'out')

  await transfer('consumer', 'change', 'emptied-office', '--source-hosts', '')
  await transfer('consumer', 'change', 'emptied-office', '--source-buckets', '')

  expect((await transfer('consumer', 'list')).said).toContain(
    'emptied-office  active  from nowhere  to county-records',
  )
})

test('a secret for webhooks is shown once, and only the web can open it', async () => {
  const made = await newConsumer(
    'hooked-office',
    '--webhook',
    'https://hooks.permits.example/in',
    '--email',
    'desk@permits.example',
  )

  const [, secret = ''] = /^(whsec_[A-Za-z0-9+/]{43}=)$/m.exec(made.said) ?? []
  const { rows } = await admin.query(
    `select * from web.transfer_consumers where id = 'hooked-office'`,
  )
  expect(secret).not.toBe('')
  expect(JSON.stringify(rows)).not.toContain(secret)
  expect(JSON.stringify(rows)).not.toContain('desk@permits.example')
  const { rows: audited } = await admin.query(
    `select arguments from ops.audit where arguments ->> 'consumer' = 'hooked-office'`,
  )
  expect(JSON.stringify(audited)).not.toMatch(/whsec|desk@/)
})

test('keys are made, rotated, listed and revoked; the key itself is said once', async () => {
  await newConsumer('keyed-office')
  const made = await transfer('key', 'new', 'keyed-office')
  const rotated = await transfer('key', 'rotate', 'keyed-office', '--hours', '24')
  const third = await transfer('key', 'new', 'keyed-office')
  const keys = [made, rotated].map(
    ({ said }) => /^at_([a-z0-9]{16})_[\w-]{43}$/m.exec(said)?.[1] ?? '',
  )
  const revoked = await transfer('key', 'revoke', keys[0] ?? '')
  const again = await transfer('key', 'revoke', keys[0] ?? '')
  const listed = await transfer('key', 'list', 'keyed-office')

  expect([made.code, rotated.code, third.code, revoked.code, again.code]).toEqual([0, 0, 2, 0, 2])
  expect(rotated.said).toContain(`Good for 24 more hours at most: ${keys[0]}.`)
  expect(third.noted).toContain('two good keys')
  expect(listed.said).toMatch(new RegExp(`^${keys[0]}  revoked `, 'm'))
  expect(listed.said).toMatch(new RegExp(`^${keys[1]}  good .* never used$`, 'm'))
  expect(listed.said).not.toContain('at_')
})

test('the audit is verified, and whoever changes, removes or cuts off an entry is found out', async () => {
  await newConsumer('audited-office')
  await transfer('key', 'new', 'audited-office')
  const good = await transfer('audit', 'verify')
  const [, head = ''] = /^(audited-office:2:[0-9a-f]{64})$/m.exec(good.said) ?? []
  const expected = await transfer('audit', 'verify', '--expect', head)

  await admin.query(
    `delete from web.transfer_audit where consumer_id = 'audited-office' and number = 2`,
  )
  const cutOff = await transfer('audit', 'verify', '--expect', head)
  await admin.query(
    `update web.transfer_audit set entry = replace(entry, 'ada', 'bob') where consumer_id = 'audited-office' and number = 1`,
  )
  const changed = await transfer('audit', 'verify')

  expect([good.code, expected.code, cutOff.code, changed.code]).toEqual([0, 0, 1, 1])
  expect(cutOff.said).toContain(
    'Broken: audited-office, entry 2: it was noted down and is not there.',
  )
  expect(changed.said).toContain(
    'Broken: audited-office, entry 1: it, or the one before it, was changed.',
  )
})

test.each([
  [['consumer', 'new', 'x-office'], '--destinations'],
  [
    ['consumer', 'new', 'x-office', '--destinations', 'a', '--webhook', 'https://10.0.0.1/in'],
    '--webhook',
  ],
  [
    [
      'consumer',
      'new',
      'x-office',
      '--destinations',
      'a',
      '--webhook',
      'http://hooks.example.com/in',
    ],
    '--webhook',
  ],
  [
    ['consumer', 'new', 'x-office', '--destinations', 'a', '--path-prefix', '../x'],
    '--path-prefix',
  ],
  [['consumer', 'new', 'X Office', '--destinations', 'a'], 'consumer'],
  [['consumer', 'change', 'nobody', '--per-minute', '3'], 'no such consumer'],
  [['consumer', 'disable', 'nobody'], 'no such consumer'],
  [['key', 'new', 'nobody'], 'no such consumer'],
  [['key', 'new', 'x-office', '--days', '400'], '--days'],
  [['key', 'revoke', `at_${'a'.repeat(16)}_${'b'.repeat(43)}`], 'by its id'],
  [['audit', 'verify', '--expect', 'x'], '--expect'],
  [['consumer', 'destroy', 'x'], 'no command'],
])('%j is not understood, and nothing is done', async (words, hint) => {
  const before = await admin.query('select count(*) from ops.audit')

  const answer = await transfer(...words)

  expect(answer.code).toBe(2)
  expect(answer.noted).toContain(hint)
  expect((await admin.query('select count(*) from ops.audit')).rows).toEqual(before.rows)
})

test('operators seal for the web what consumers are told by, and nothing else, and open none of it', async () => {
  const kms = new KMSClient({
    endpoint: stack.addresses.kmsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'LOCALOPS', secretAccessKey: stack.secrets.awsOps },
  })
  const contextOf = (name: string) => ({
    app: 'anteroom',
    environment: 'local',
    purpose: 'record',
    name,
    id: 'x',
  })
  const dataKey = (name: string) =>
    kms.send(
      new GenerateDataKeyCommand({
        KeyId: kmsKeyId,
        KeySpec: 'AES_256',
        EncryptionContext: contextOf(name),
      }),
    )

  const made = await dataKey('transfer-webhook')

  await expect(dataKey('account')).rejects.toThrow('not authorized')
  const opening = new DecryptCommand({
    CiphertextBlob: made.CiphertextBlob,
    EncryptionContext: contextOf('transfer-webhook'),
  })
  await expect(kms.send(opening)).rejects.toThrow('not authorized')
})
