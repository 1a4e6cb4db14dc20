import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { expect } from 'vitest'
import { totpCode } from '../../apps/idp-web/src/factors/totp.ts'
import { createPerson, type Page, type Person } from '../support/person.ts'
import { shownSecret } from '../support/shown-secret.ts'

/** Somebody with an account, and what they need to get in. */
export interface AccountHolder {
  readonly person: Person
  readonly address: string
  /** Of their authenticator app, base64url. */
  readonly secret: string | undefined
}

const password = 'seven ducks on a pond'

/** Makes an account by the link in an e-mail; with an app, if it is asked for. */
export async function signUp(
  stack: LocalStack,
  url: string,
  { address, withApp }: { readonly address: string; readonly withApp: boolean },
): Promise<AccountHolder> {
  const person = createPerson(url)
  await person.submit(await person.get('/sign-up'), '/sign-up', { address })
  const link = new URL(await linkTo(stack, address)).pathname
  const account = await person.submit(await person.get(link), link, { password })
  expect(account.path).toBe('/account')
  return { person, address, secret: withApp ? await addApp(person) : undefined }
}

async function linkTo(stack: LocalStack, address: string): Promise<string> {
  const mails = () => stack.mail.mailbox.all().filter(({ to }) => to.includes(address))
  await expect.poll(() => mails().length, { timeout: 30_000 }).toBeGreaterThan(0)
  return mails()[0]?.links[0] ?? ''
}

async function addApp(person: Person): Promise<string> {
  const page = await person.get('/account/factors/app')
  const secret = shownSecret(page.html)
  const added = await person.submit(page, '/account/factors/app', { code: codeNow(secret, -1) })
  expect(added.path).toBe('/account/factors')
  return secret
}

/** No code is taken twice, so a step is used up by each. */
function codeNow(secret: string, shift: number): string {
  return totpCode(secret, Math.floor(Date.now() / 30_000) + shift)
}

/** In a browser that has never been here. */
export async function signInAnew(
  url: string,
  { address, secret }: AccountHolder,
): Promise<{ readonly person: Person; readonly page: Page }> {
  const person = createPerson(url)
  const form = await person.get('/sign-in')
  const next = await person.submit(form, '/sign-in', { address, password })
  if (secret === undefined) return { person, page: next }
  return { person, page: await person.submit(next, next.path, { code: codeNow(secret, 0) }) }
}
