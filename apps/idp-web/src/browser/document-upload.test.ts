import { expect, test } from 'vitest'
import {
  type Asked,
  type PutEnd,
  type UploadDoors,
  type UploadPlace,
  upload,
} from './document-upload.ts'

const place = (uploadId: string): UploadPlace => ({ uploadId, url: 'https://s3.test', headers: {} })

/** Doors that answer in turn, the last answer for ever; and what was asked of them. */
function doors(answers: { ask?: readonly Asked[]; put?: readonly PutEnd[] }) {
  const { ask = [place('first')], put = ['stored'] } = answers
  const stopper = new AbortController()
  const log: string[] = []
  const next = <T>(list: readonly T[], calls: string): T => {
    const index = Math.min(log.filter((line) => line.startsWith(calls)).length, list.length - 1)
    const [found] = list.slice(index)
    if (found === undefined) throw new Error('There is no answer')
    return found
  }
  const all: UploadDoors = {
    async ask(uploadId) {
      const answer = next(ask, 'ask')
      log.push(`ask ${uploadId ?? 'anew'}`)
      return answer
    },
    async put({ uploadId }) {
      const answer = next(put, 'put')
      log.push(`put ${uploadId}`)
      return answer
    },
    async pause(milliseconds) {
      log.push(`pause ${milliseconds}`)
    },
    random: () => 0.5,
    signal: stopper.signal,
  }
  return { all, log, stop: () => stopper.abort() }
}

test('a photo is put where it may be', async () => {
  const { all, log } = doors({})

  const end = await upload(all)

  expect(end).toEqual({ state: 'stored', uploadId: 'first' })
  expect(log).toEqual(['ask anew', 'put first'])
})

test('what is lost on the way goes again to the same place, each time later', async () => {
  const { all, log } = doors({ put: ['lost', 'lost', 'stored'] })

  const end = await upload(all)

  expect(end).toEqual({ state: 'stored', uploadId: 'first' })
  expect(log).toEqual([
    ...['ask anew', 'put first', 'pause 2000'],
    ...['ask first', 'put first', 'pause 4000'],
    ...['ask first', 'put first'],
  ])
})

test('a question that is lost is asked again', async () => {
  const { all, log } = doors({ ask: ['lost', place('first')] })

  await upload(all)

  expect(log).toEqual(['ask anew', 'pause 2000', 'ask anew', 'put first'])
})

test('a place that is no longer open is opened again', async () => {
  const { all, log } = doors({
    ask: [place('first'), 'lost', place('first')],
    put: ['expired', 'stored'],
  })

  await upload(all)

  expect(log).toEqual([
    ...['ask anew', 'put first', 'pause 2000'],
    ...['ask first', 'pause 4000', 'ask first', 'put first'],
  ])
})

test.each(['gone', 'full'] as const)('what is %s is not asked for again', async (answer) => {
  const { all, log } = doors({ ask: [answer] })

  const end = await upload(all)

  expect(end).toEqual({ state: answer })
  expect(log).toEqual(['ask anew'])
})

test('a photo that is not wanted is not asked for again', async () => {
  const { all, log } = doors({ ask: ['refused'] })

  expect(await upload(all)).toEqual({ state: 'failed' })
  expect(log).toEqual(['ask anew'])
})

test('a place that refuses is not tried again', async () => {
  const { all, log } = doors({ put: ['refused'] })

  expect(await upload(all)).toEqual({ state: 'failed' })
  expect(log).toEqual(['ask anew', 'put first'])
})

test('without a connection it tries for minutes before it gives up', async () => {
  const { all, log } = doors({ ask: [place('first'), 'lost'], put: ['lost'] })

  const end = await upload(all)

  const pauses = log.filter((line) => line.startsWith('pause'))
  expect(end).toEqual({ state: 'failed' })
  expect(log.filter((line) => line === 'ask first')).toHaveLength(9)
  expect(pauses.reduce((sum, line) => sum + Number(line.slice(6)), 0)).toBeGreaterThan(100_000)
})

test('where we can be reached but not the place, it gives up sooner: something is in the way', async () => {
  const { all, log } = doors({ put: ['lost'] })

  const end = await upload(all)

  const pauses = log.filter((line) => line.startsWith('pause'))
  expect(end).toEqual({ state: 'failed' })
  expect(log.filter((line) => line === 'put first')).toHaveLength(5)
  expect(pauses.reduce((sum, line) => sum + Number(line.slice(6)), 0)).toBeLessThan(45_000)
})

test('called off, it stops at once, and says nothing of what had arrived', async () => {
  const { all, log, stop } = doors({ put: ['lost'] })
  const stopping = { ...all, pause: async () => stop() }

  const end = await upload(stopping)

  expect(end).toEqual({ state: 'stopped' })
  expect(log).toEqual(['ask anew', 'put first'])
})

test('called off while it asks, it puts nothing', async () => {
  const { all, log, stop } = doors({})
  const ask: UploadDoors['ask'] = async (uploadId) => {
    stop()
    return all.ask(uploadId)
  }

  const end = await upload({ ...all, ask })

  expect(end).toEqual({ state: 'stopped' })
  expect(log).toEqual(['ask anew'])
})
