import { hash, randomBytes } from 'node:crypto'
import * as openid from 'openid-client'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { expectNoNotices } from '../support/openid-notices.ts'
import { ask, type OpenidWeb, startOpenidWeb } from '../support/openid-web.ts'
import {
  accountAt,
  change,
  connect,
  giveUp,
  outboxRows,
  queuedTokens,
  receiverAt,
} from '../support/security-events.ts'

expectNoNotices()

const silentSecret = randomBytes(32).toString('base64url')

let op: OpenidWeb
let library: openid.Configuration
let taxes: openid.Configuration
let tokens: { readonly library: string; readonly taxes: string }
let accountId: string
beforeAll(async () => {
  op = await startOpenidWeb(
    {},
    {
      moreOf: {
        library: receiverAt('library.example', { email_events: true }),
        taxes: receiverAt('taxes.example', { profile: 'ssf-1.0' }),
      },
      partners: [
        {
          id: 'silent',
          name: 'Silent',
          redirect_uris: ['https://silent.example/callback'],
          client_auth: 'client_secret_basic',
          secret_hashes: [hash('sha256', silentSecret, 'base64url')],
        },
      ],
    },
  )
  library = await op.library()
  taxes = await op.taxes()
  tokens = { library: await tokenOf(library), taxes: await tokenOf(taxes) }
})
afterAll(() => op.stop())
beforeEach(async () => {
  await query('truncate web.security_events, worker.dead_letters, worker.ledger, ops.audit')
  await query('delete from graphile_worker._private_jobs')
  accountId = await accountAt(op.web, 'maria@example.com')
  for (const partner of ['library', 'taxes']) {
    await connect(op.web, { accountId, partner, told: 'maria@example.com' })
  }
})

async function query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  const { rows } = await op.web.database.pool('admin').query(text, values)
  return rows
}

async function tokenOf(client: openid.Configuration, scope = 'security_events'): Promise<string> {
  const { access_token: token } = await openid.clientCredentialsGrant(client, { scope })
  return token
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: what a partner reads from JSON
  readonly body: any
}

async function call(
  path: string,
  { token, body }: { readonly token?: string | undefined; readonly body?: unknown } = {},
): Promise<Answer> {
  const response = await fetch(`${op.issuer}/api/risc/deliveries${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  }
}

const list = (search = '', token = tokens.library) => call(search, { token })
const replay = (body: object, token = tokens.library) => call('/replay', { token, body })

/** The worker gives it up. */
const die = (jti: string, uselessAt?: Date) => giveUp(op.web, jti, { uselessAt })

/** An event of a password for both partners; what the library is told by. */
async function happened(type: 'password-reset' | 'account-enabled' = 'password-reset') {
  await change(op.web, accountId, [{ type }])
  const rows = await outboxRows(op.web, accountId)
  const of = (partner: string) => rows.filter((row) => row.partner === partner).at(-1)?.jti ?? ''
  return { library: of('library'), taxes: of('taxes') }
}

const queuedWire = async (jobId: string) => {
  const [row] = await query<{ sealed: string }>(
    `select payload ->> 'sealed' as sealed from graphile_worker._private_jobs where key = $1`,
    [jobId],
  )
  return row?.sealed
}

describe('a partner’s own token', () => {
  test('is had by a key or a secret, is short-lived, and opens nothing else', async () => {
    const granted = await openid.clientCredentialsGrant(taxes, { scope: 'security_events' })

    const userinfo = await fetch(`${op.issuer}/openid/userinfo`, {
      headers: { authorization: `Bearer ${granted.access_token}` },
    })

    expect(granted).toMatchObject({
      token_type: 'bearer',
      expires_in: 600,
      scope: 'security_events',
    })
    expect(granted.id_token).toBeUndefined()
    expect(userinfo.status).toBe(401)
    expect((await list('', granted.access_token)).status).toBe(200)
  })

  test('is given to nobody who is told of no events', async () => {
    const silent = await openid.discovery(
      new URL(op.issuer),
      'silent',
      {},
      openid.ClientSecretBasic(silentSecret),
      { execute: [openid.allowInsecureRequests] },
    )

    await expect(tokenOf(silent)).rejects.toMatchObject({
      error_description: expect.stringContaining('not allowed for this client'),
    })
  })

  test('is worth nothing without its scope, or once it was taken back', async () => {
    const scopeless = await tokenOf(library, 'openid')
    const revoked = await tokenOf(library)
    await openid.tokenRevocation(library, revoked)

    const answers = [
      await list('', scopeless),
      await list('', revoked),
      await list('', 'x'.repeat(43)),
    ]

    expect(answers.map(({ status, body }) => [status, body.error])).toEqual([
      [403, 'insufficient_scope'],
      [401, 'invalid_token'],
      [401, 'invalid_token'],
    ])
    expect(answers[1]?.headers.get('www-authenticate')).toContain('error="invalid_token"')
  })

  test('is asked for, and no error is named, where there is none', async () => {
    const answer = await call('')

    expect(answer.status).toBe(401)
    expect(answer.body).toBeUndefined()
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="security-events"')
  })

  test('is nothing that a person could be asked for', async () => {
    const { path } = await ask(library, { scope: 'openid security_events' })

    const answer = await fetch(`${op.issuer}${path}`, { redirect: 'manual' })

    expect(answer.headers.get('location')).toContain('error=invalid_scope')
  })
})

describe('the list', () => {
  test('shows a partner its own events in their order, what became of them, and nobody they are about', async () => {
    const first = await happened()
    const second = await happened('account-enabled')
    await die(first.library)

    const { body } = await list()

    expect(body.after).toBeNull()
    expect(body.deliveries).toMatchObject([
      {
        jti: first.library,
        event: 'password-reset',
        state: 'dead',
        reason: 'vendor-unavailable',
        attempts: 6,
        code: 'PUSH_BUSY',
        status: 503,
        err: null,
      },
      { jti: second.library, event: 'account-enabled', state: 'queued', code: null },
    ])
    const text = JSON.stringify(body)
    for (const { subject } of await query<{ subject: string }>(
      'select subject from web.security_events',
    )) {
      expect(text).not.toContain(subject)
    }
    for (const secret of [accountId, 'maria', first.taxes, 'sealed', 'job_id']) {
      expect(text).not.toContain(secret)
    }
  })

  test('comes in pages, each of which goes on where the one before ended', async () => {
    const jtis = []
    for (let at = 0; at < 5; at += 1) jtis.push((await happened()).library)

    const first = await list('?limit=2')
    const second = await list(`?limit=2&after=${first.body.after}`)
    const third = await list(`?limit=2&after=${second.body.after}`)

    const shown = [first, second, third].flatMap(({ body }) => body.deliveries)
    expect(shown.map(({ jti }) => jti)).toEqual(jtis)
    expect(third.body.after).toBeNull()
  })

  test('can be of one state, and since a moment', async () => {
    const first = await happened()
    const second = await happened()
    await die(second.library)
    await query(
      `update web.security_events set happened_at = now() - interval '1 day' where jti = $1`,
      [first.library],
    )

    const dead = await list('?state=dead')
    const late = await list(`?since=${new Date(Date.now() - 3_600_000).toISOString()}`)

    expect(dead.body.deliveries.map(({ jti }: { jti: string }) => jti)).toEqual([second.library])
    expect(late.body.deliveries.map(({ jti }: { jti: string }) => jti)).toEqual([second.library])
  })

  test.each([
    '?state=lost',
    '?since=yesterday',
    '?after=x',
    '?limit=0',
    '?limit=101',
    '?partner=taxes',
  ])('takes no %s', async (search) => {
    expect(await list(search)).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('goes on from no event of another partner', async () => {
    const { taxes: foreign } = await happened()

    expect(await list(`?after=${foreign}`)).toMatchObject({
      status: 404,
      body: { error: 'not_found' },
    })
  })
})

describe('a replay', () => {
  test('queues the same bytes again, for this partner alone, and is in the audit', async () => {
    const told = await happened()
    const [jobId = ''] = [await jobOf(told.library)]
    const before = await queuedWire(jobId)
    await die(told.library)
    const foreign = await die(told.taxes)

    const answer = await replay({ since: new Date(Date.now() - 60_000).toISOString() })

    expect(answer).toMatchObject({
      status: 200,
      body: { replays: [{ jti: told.library, outcome: 'queued' }], more: false },
    })
    expect(before).toBeDefined()
    expect(await queuedWire(jobId)).toBe(before)
    expect(await queuedWire(foreign)).toBeUndefined()
    expect(await query('select actor, command, arguments from ops.audit')).toEqual([
      { actor: 'library', command: 'partner replay', arguments: { jobs: [jobId] } },
    ])
    expect((await list()).body.deliveries).toMatchObject([
      { state: 'queued', reason: null, code: null },
    ])
  })

  test('asked for twice, also at once, happens once', async () => {
    const told = await happened()
    await die(told.library)
    const asked = { jtis: [told.library] }

    const answers = await Promise.all([replay(asked), replay(asked)])
    const later = await replay(asked)

    const outcomes = answers.map(({ body }) => body.replays[0].outcome)
    expect(outcomes.toSorted()).toEqual(['not-dead', 'queued'])
    expect(later.body.replays).toEqual([{ jti: told.library, outcome: 'not-dead' }])
    expect(await queuedTokens(op.web, accountId)).toHaveLength(2)
  })

  test('of another partner’s event is none, and nothing is done', async () => {
    const told = await happened()
    const jobId = await die(told.library)
    await die(told.taxes)

    const answer = await replay({ jtis: [told.library, told.taxes] })

    expect(answer).toMatchObject({ status: 404, body: { error: 'not_found' } })
    expect(await queuedWire(jobId)).toBeUndefined()
    expect(await query('select from ops.audit')).toEqual([])
  })

  test('of what has expired is another token that says the same, and the old one is gone', async () => {
    const told = await happened()
    await die(told.library, new Date(Date.now() - 1_000))

    const first = await replay({ jtis: [told.library] })
    const second = await replay({ jtis: [told.library] })
    while (((await op.web.deps.eventKeeper?.turn()) ?? 0) > 0);

    const anew = { replays: [{ jti: told.library, outcome: 'signed-anew' }] }
    expect([first.body, second.body]).toMatchObject([anew, anew])
    expect(await query('select from worker.dead_letters')).toEqual([])
    const { body } = await list()
    expect(body.deliveries).toMatchObject([
      { jti: told.library, state: 'resigned' },
      { resigns: told.library, state: 'queued', txn: body.deliveries[0].txn },
    ])
  })

  test('of what an operator has queued meanwhile is no second token', async () => {
    const told = await happened()
    const jobId = await die(told.library)
    await query(`select ops.replay_dead_letters('ada', $1)`, [[jobId]])

    const answer = await replay({ jtis: [told.library] })

    expect(answer.body.replays).toEqual([{ jti: told.library, outcome: 'queued' }])
    expect((await list()).body.deliveries).toMatchObject([{ jti: told.library, state: 'queued' }])
  })

  test('of an event that was never to be told is impossible', async () => {
    const told = await happened()
    await query(
      `update web.security_events set state = 'dead', reason = 'not-connected', job_id = null where jti = $1`,
      [told.library],
    )

    const answer = await replay({ jtis: [told.library] })

    expect(answer.body.replays).toEqual([{ jti: told.library, outcome: 'impossible' }])
  })

  test.each([
    {},
    { jtis: [] },
    { jtis: ['x'] },
    { since: 'yesterday' },
    { jtis: ['a'.repeat(32)], since: '2026-11-23T00:00:00Z' },
  ])('takes no %j', async (body) => {
    expect(await replay(body)).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('is asked for sixty times a minute at most, by each partner', async () => {
    const answers = []
    for (let at = 0; at < 61; at += 1) answers.push(await list('?limit=1', tokens.taxes))

    const last = answers.at(-1)
    expect(last).toMatchObject({ status: 429, body: { error: 'temporarily_unavailable' } })
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

async function jobOf(jti: string): Promise<string> {
  const [row] = await query<{ job_id: string }>(
    'select job_id from web.security_events where jti = $1',
    [jti],
  )
  return row?.job_id ?? ''
}
