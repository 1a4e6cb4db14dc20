import { once } from 'node:events'
import { createServer } from 'node:net'
import { assertPortsFree, freePort, offsetFrom, portsAt } from '@anteroom/infra/local/ports.ts'
import { expect, onTestFinished, test } from 'vitest'

test('an offset shifts every port and no two ports are the same', () => {
  const base = portsAt(0)
  const shifted = portsAt(700)

  expect(base.web).toBe(3000)
  expect(Object.values(shifted)).toEqual(Object.values(base).map((port) => port + 700))
  expect(new Set(Object.values(base)).size).toBe(Object.values(base).length)
})

test.each(['1.5', '-1', 'abc', '65000', '0x10'])('the offset %s is refused', (text) => {
  expect(() => portsAt(offsetFrom(text))).toThrow('PORT_OFFSET must be a whole number')
})

test('an absent or empty offset is zero', () => {
  expect([offsetFrom(undefined), offsetFrom(''), offsetFrom('200')]).toEqual([0, 0, 200])
})

test('one error names every taken port, its service and an offset that is free', async () => {
  const ports = { ...portsAt(0), s3: await freePort(), redis: await freePort() }
  for (const port of [ports.s3, ports.redis]) {
    const server = createServer().listen(port, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
  }

  const refusal = await assertPortsFree(ports).catch((error: Error) => error.message)

  expect(refusal).toContain(`${ports.s3}  S3`)
  expect(refusal).toContain(`${ports.redis}  Redis`)
  expect(refusal).toMatch(/PORT_OFFSET=\d+/)
})
