import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { createNameServers } from './resolve-name.ts'

const v4 = [93, 184, 216, 34]
const v6 = [...new Uint8Array(15), 1]
const types = { a: 1, aaaa: 28 }
const codes = { fine: 0, failed: 2, unknown: 3 }

test('all addresses of both kinds are told', async () => {
  const resolve = await nameServer({ [types.a]: v4, [types.aaaa]: v6 })

  expect(await resolve('partner.example')).toEqual(['93.184.216.34', '::1'])
})

test('one kind is enough', async () => {
  const onlyOld = await nameServer({ [types.a]: v4 })
  const onlyNew = await nameServer({ [types.aaaa]: v6 })

  expect(await onlyOld('partner.example')).toEqual(['93.184.216.34'])
  expect(await onlyNew('partner.example')).toEqual(['::1'])
})

test.each([
  [codes.fine, 'ENODATA'],
  [codes.failed, 'ESERVFAIL'],
  [codes.unknown, 'ENOTFOUND'],
])('a name without any is told by what the server says: %i is %s', async (rcode, code) => {
  const resolve = await nameServer({}, rcode)

  await expect(resolve('partner.example')).rejects.toMatchObject({ code })
})

test('a server that says nothing is given up', async () => {
  const resolve = await nameServer(undefined)

  await expect(resolve('partner.example')).rejects.toMatchObject({ code: 'ETIMEOUT' })
})

test('private names of the hosts file are unknown', async () => {
  const resolve = await nameServer({}, codes.unknown)

  await expect(resolve('ip6-allnodes')).rejects.toMatchObject({ code: 'ENOTFOUND' })
})

/** A name server that answers every question of a type with one address, or never. It lives as long as the test. */
async function nameServer(
  addresses: Readonly<Record<number, readonly number[]>> | undefined,
  rcode = codes.fine,
) {
  const server = createSocket('udp4')
  server.on('message', (question, { port, address }) => {
    if (!addresses) return
    // Header, name up to its zero byte, type, class (RFC 1035, section 4.1).
    const end = question.indexOf(0, 12) + 5
    const data = addresses[question.readUInt16BE(end - 4)]
    const head = Buffer.from(question.subarray(0, 12))
    head.writeUInt16BE(0x8180 | rcode, 2)
    head.writeUInt16BE(data ? 1 : 0, 6)
    head.writeUInt32BE(0, 8)
    const answer = data
      ? [0xc0, 12, ...question.subarray(end - 4, end), 0, 0, 0, 0, 0, data.length, ...data]
      : []
    server.send(
      Buffer.concat([head, question.subarray(12, end), Buffer.from(answer)]),
      port,
      address,
    )
  })
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return createNameServers([`127.0.0.1:${server.address().port}`])
}
