import { afterAll, describe, expect, test } from 'vitest'
import { startAccountDesk } from '../support/account-desk.ts'
import { createPerson } from '../support/openid-person.ts'
import { startOpenidWeb } from '../support/openid-web.ts'
import type { Visitor } from '../support/web.ts'

const desk = await startAccountDesk()
const openid = await startOpenidWeb()
afterAll(() => Promise.all([desk.stop(), openid.stop()]))

const linksIn = (payload: string) =>
  [...payload.matchAll(/<a [^>]*href="(\/[^"]*)"/g)].map(([, href = '']) => href)

async function linksOfAccount(person: Visitor): Promise<string[]> {
  return linksIn((await person.get('/account')).payload)
}

async function statusesAt(person: Visitor, links: readonly string[]): Promise<object[]> {
  const answers = []
  for (const link of links) answers.push([link, (await person.get(link)).statusCode])
  return answers
}

describe('every link of the account leads somewhere', () => {
  test('without partners', async () => {
    const person = await desk.signedUp()

    const links = await linksOfAccount(person)

    expect(links).not.toContain('/account/services')
    expect(await statusesAt(person, links)).toEqual(links.map((link) => [link, 200]))
  })

  test('with partners', async () => {
    const person = await createPerson(openid.web)
    await person.signIn()

    const links = await linksOfAccount(person.visitor)

    expect(links).toContain('/account/services')
    expect(await statusesAt(person.visitor, links)).toEqual(links.map((link) => [link, 200]))
  })
})
