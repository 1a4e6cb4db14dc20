import { randomBytes } from 'node:crypto'
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
  const changed = await transfer(
    'consumer',
    'change',
    'permits-office',
    '--per-minute',
    '7',
    '--max-open',
    '9',
  )
  const disabled = await transfer('consumer', 'disable', 'permits-office')
  const listed = await transfer('consumer', 'list')

  expect([made.code, changed.code, disabled.code]).toEqual([0, 0, 0])
  expect(listed.said).toContain(
    'permits-office  disabled  from files.permits.example,*.trees.example  to county-records  below /permits  1000 bytes  7 a minute  9 at a time',
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

test('people may send credentials to a consumer where operators said, under a name that they know', async () => {
  await newConsumer('county-clerk', '--path-prefix', 'clerk')
  const change = (...more: string[]) => transfer('consumer', 'change', 'county-clerk', ...more)
  const shown = async () => /county-clerk .*/.exec((await transfer('consumer', 'list')).said)?.[0]

  const nameless = await change('--credentials', 'county-records')
  const elsewhere = await change('--credentials', 'archive', '--name', 'County Clerk')
  const above = await change('--credentials', 'county-records/other', '--name', 'County Clerk')
  const odd = await change('--credentials', 'county-records/../x', '--name', 'County Clerk')
  const refused = await shown()
  const made = await change('--credentials', 'county-records/clerk/ids', '--name', 'County Clerk')
  const first = await shown()
  await change('--name', 'Clerk of the County')
  const renamed = await shown()
  await change('--credentials', '')

  expect([nameless, elsewhere, above, odd, made].map(({ code }) => code)).toEqual([2, 2, 2, 2, 0])
  expect(refused).not.toContain('credentials')
  expect(first).toContain('credentials for “County Clerk” to county-records/clerk/ids')
  expect(renamed).toContain('credentials for “Clerk of the County” to county-records/clerk/ids')
  expect(await shown()).not.toContain('credentials')
  const { rows } = await admin.query<{ command: string }>(
    `select command from ops.audit where arguments ->> 'consumer' = 'county-clerk' and command like '%credentials'`,
  )
  expect(rows).toHaveLength(3)
})

test('the audit says where a consumer is told from now on, and that its mail goes elsewhere', async () => {
  await newConsumer('moved-office', '--webhook', 'https://hooks.permits.example/in')
  await transfer('consumer', 'change', 'moved-office', '--webhook', 'https://evil.example/in?t=1')
  await transfer('consumer', 'change', 'moved-office', '--email', 'other@permits.example')

  const { rows } = await admin.query<{ entry: string }>(
    `select entry from web.transfer_audit where consumer_id = 'moved-office' order by number`,
  )

  expect(rows.map(({ entry }) => JSON.parse(entry).facts)).toMatchObject([
    { webhookHost: 'hooks.permits.example', webhookChanged: true },
    { webhookHost: 'evil.example', webhookChanged: true },
    { emailChanged: true },
  ])
  expect(JSON.stringify(rows)).not.toMatch(/other@|\/in/)
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

/** A transfer that ended, and a message about it that was given up. */
async function giveUp(consumer: string): Promise<string> {
  const id = randomBytes(16).toString('base64url')
  await admin.query(
    `insert into web.transfers (id, consumer_id, job_id, state, destination, wish, correlation_id, wants_webhook,
       deadline_at, ended_at, problem)
     values ($1, $2, $1, 'failed', 'county-records', 'sealed', 'c', true, now(), now(), 'timed-out')`,
    [id, consumer],
  )
  await admin.query(
    `insert into web.transfer_webhooks (id, transfer_id, consumer_id, body, state, job_id, round, deadline_at, ended_at)
     values ($1, $2, $3, '{"data":"secret"}', 'dead', $2, 9, now(), now())`,
    [`msg_${id}`, id, consumer],
  )
  return `msg_${id}`
}

test('messages that were given up are listed and sent again, one by one or all of a consumer’s', async () => {
  await newConsumer('told-office')
  const messages = [await giveUp('told-office'), await giveUp('told-office')]
  const [first = ''] = messages

  const listed = await transfer('webhook', 'list', 'told-office')
  const one = await transfer('webhook', 'replay', first)
  const again = await transfer('webhook', 'replay', first)
  const rest = await transfer('webhook', 'replay', 'told-office')
  const none = await transfer('webhook', 'replay', 'told-office')
  const after = await transfer('webhook', 'list')
  const wrong = await transfer('webhook', 'replay', first, 'told-office')

  for (const id of messages) {
    expect(listed.said).toMatch(new RegExp(`^${id}  told-office  dead  .* round 9  since `, 'm'))
    expect(after.said).toMatch(new RegExp(`^${id}  told-office  waiting  .* next round `, 'm'))
  }
  expect(listed.said).not.toContain('secret')
  expect([one, again, rest, none, wrong].map(({ code }) => code)).toEqual([0, 1, 0, 0, 2])
  const { rows } = await admin.query<{ messages: string[] }>(
    `select arguments -> 'messages' as messages from ops.audit where command = 'transfer webhook replay' order by id`,
  )
  expect(rows.map((row) => row.messages)).toEqual([[first], [messages[1]]])
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
    [
      ...['consumer', 'new', 'x-office', '--destinations', 'a', '--webhook'],
      `https://hooks.example.com/${'x'.repeat(2_048)}`,
    ],
    '--webhook',
  ],
  [
    ['consumer', 'new', 'x-office', '--destinations', 'a', '--path-prefix', '../x'],
    '--path-prefix',
  ],
  [['consumer', 'new', 'X Office', '--destinations', 'a'], 'consumer'],
  [['consumer', 'change', 'nobody', '--per-minute', '3'], 'no such consumer'],
  [['consumer', 'new', 'x-office', '--destinations', 'a', '--max-open', '0'], '--max-open'],
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
