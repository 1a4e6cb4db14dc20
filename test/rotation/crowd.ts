import { setTimeout as pause } from 'node:timers/promises'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import type { Page, Person } from '../support/person.ts'
import { waitForAnswer, walkToWaiting } from '../support/walk.ts'
import { type AccountHolder, signInAnew } from './account-holder.ts'

/** People who keep coming, and how it went for them. */
export interface Crowd {
  /** What each kind of them has brought to its end. */
  readonly done: ReadonlyMap<string, number>
  /** What went otherwise than it should. */
  readonly troubles: readonly string[]
  /** Waits until everybody has left who is inside now. */
  untilGone(): Promise<void>
  stop(): Promise<void>
}

export interface Site {
  readonly url: string
  readonly stack: LocalStack
  /** With a password alone; signed in all the time in one browser, and again and again in others. */
  readonly holder: AccountHolder
}

export function startCrowd(site: Site): Crowd {
  const ways: Record<string, () => Promise<void>> = {
    'is verified and gets a credential': () => verify(site),
    'signs in anew': () => signIn(site),
    'stays signed in': () => stay(site),
    'signs in to a partner': () => visitPartner(site),
  }
  const done = new Map<string, number>()
  const troubles: string[] = []
  const inside = new Set<Promise<void>>()
  let open = true

  async function keepComing(name: string, go: () => Promise<void>): Promise<void> {
    while (open) {
      const one: Promise<void> = go()
        .then(() => void done.set(name, (done.get(name) ?? 0) + 1))
        .catch(
          (error: unknown) =>
            void troubles.push(
              `${new Date().toISOString().slice(11, 19)} ${name}: ${String(error)}`,
            ),
        )
      inside.add(one)
      await one
      inside.delete(one)
      await pause(200)
    }
  }

  const ended = Promise.all(Object.entries(ways).map(([name, go]) => keepComing(name, go)))
  return {
    done,
    troubles,
    untilGone: async () => void (await Promise.all(inside)),
    async stop() {
      open = false
      await ended
    },
  }
}

async function verify({ url }: Site): Promise<void> {
  const { person } = await walkToWaiting(url)
  shows(await waitForAnswer(person), 'Your details match')
  const phone = await person.get('/verify/phone')
  await person.submit(phone, '/verify/phone', { phone: '703-555-0142' })
  isAt(await waitForAnswer(person), '/verify/result')
  const start = await person.get('/credential/start')
  await person.submit(start, '/credential/request')
  const credential = await untilAt(person, '/credential/line', '/credential')
  shows(credential, 'Here is your credential')
}

async function signIn({ url, holder }: Site): Promise<void> {
  const { person, page } = await signInAnew(url, holder)
  isAt(page, '/account')
  is((await person.get('/account/factors')).status, 200)
  await pause(1_000)
}

async function stay({ holder: { person } }: Site): Promise<void> {
  const page = await person.get('/account')
  isAt(page, '/account')
  await pause(1_000)
}

/** By the browser in which the holder is signed in. */
async function visitPartner({ stack, holder: { person } }: Site): Promise<void> {
  const { url } = stack.partner
  const visitor = withoutCookie(person, 'sample-partner')
  let page = await visitor.get(`${url}/sign-in`)
  if (/name="choice" value="allow"/.test(page.html)) {
    page = await visitor.submit(page, page.path, { choice: 'allow' })
  }
  const next = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(page.html)?.[1]
  if (next !== undefined) await visitor.get(next.replaceAll('&amp;', '&'))
  const told = await visitor.get(`${url}/`)
  if (!told.html.includes('You are signed in.')) throw new Error(`the partner says ${told.heading}`)
  await pause(1_000)
}

/** The partner begins anew with somebody it does not know. */
function withoutCookie(person: Person, name: string): Person {
  if (person.cookies instanceof Map) person.cookies.delete(name)
  return person
}

async function untilAt(person: Person, from: string, to: string): Promise<Page> {
  const until = Date.now() + 60_000
  let page = await person.get(from)
  while (page.path !== to && Date.now() < until) {
    await pause(500)
    page = await person.get(from)
  }
  isAt(page, to)
  return page
}

function isAt(page: Page, path: string): void {
  const found = `${page.path} (${page.status} ${page.heading})`
  if (page.path !== path) throw new Error(`${found} instead of ${path}`)
}

function shows(page: Page, heading: string): void {
  is(page.heading, heading)
}

function is(found: unknown, wanted: unknown): void {
  if (found !== wanted) throw new Error(`${String(found)} instead of ${String(wanted)}`)
}
