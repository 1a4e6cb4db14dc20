import { randomBytes } from 'node:crypto'
import { request as send } from 'node:http'
import { hashPassword } from '@anteroom/crypto/password'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'

export const consolePassword = 'kept-nowhere-but-in-this-test'

/** Settings of a worker that serves the operators' console to ada and grace. */
export async function consoleSettings(stack: LocalStack): Promise<Record<string, string>> {
  const hash = await hashPassword(consolePassword)
  return {
    ANTEROOM_CONSOLE_DATABASE_URL: stack.addresses.databaseUrls.ops,
    ANTEROOM_CONSOLE_OPERATORS: `ada:${hash} grace:${await hashPassword('another')}`,
    ANTEROOM_CONSOLE_SESSION_KEY: randomBytes(32).toString('base64url'),
  }
}

export interface ConsoleAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** Someone at the console without a browser: keeps its cookie, and gives forms their token. */
export interface ConsoleCaller {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<ConsoleAnswer>
  /** With the token of the session and our own origin, unless told otherwise. */
  post(
    path: string,
    fields?: Readonly<Record<string, string | readonly string[]>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<ConsoleAnswer>
  signIn(name?: string, password?: string): Promise<ConsoleAnswer>
  cookie: string
}

export function consoleCaller(internalUrl: string): ConsoleCaller {
  const caller: ConsoleCaller = {
    cookie: '',
    get: (path, headers = {}) => ask('GET', path, { headers }),
    async post(path, fields = {}, headers = {}) {
      const csrf = fields.csrf ?? (caller.cookie === '' ? '' : await token())
      const body = new URLSearchParams()
      for (const [name, value] of Object.entries({ ...fields, csrf })) {
        for (const one of [value].flat()) body.append(name, one)
      }
      return ask('POST', path, { headers: { origin: internalUrl, ...headers }, body: `${body}` })
    },
    async signIn(name = 'ada', password = consolePassword) {
      const answer = await caller.post('/console/sign-in', { name, password })
      const [cookie] = [answer.headers['set-cookie'] ?? []].flat()
      if (cookie !== undefined) caller.cookie = cookie.split(';', 1)[0] ?? ''
      return answer
    },
  }

  async function token(): Promise<string> {
    const { body } = await caller.get('/console')
    return /name="csrf" value="([\w-]+)"/.exec(body)?.[1] ?? ''
  }

  function ask(
    method: string,
    path: string,
    { headers, body = '' }: { headers: Readonly<Record<string, string>>; body?: string },
  ): Promise<ConsoleAnswer> {
    return new Promise((resolve, reject) => {
      const given = {
        ...(caller.cookie !== '' && { cookie: caller.cookie }),
        ...(method === 'POST' && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      }
      const asking = send(`${internalUrl}${path}`, { method, headers: given }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          text += part
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        )
      })
      asking.on('error', reject)
      asking.end(body)
    })
  }

  return caller
}
