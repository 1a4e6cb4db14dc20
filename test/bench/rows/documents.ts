import { randomBytes } from 'node:crypto'
import { createImageKey, sealImage } from '@anteroom/crypto/browser'
import { specimens } from '@anteroom/infra/specimens/index.ts'
import { type DocumentDesk, type Files, openDocumentDesk } from '../../support/document-desk.ts'
import { paddedCards } from '../../support/padded-cards.ts'
import { startTestStack } from '../../support/stack.ts'
import { startChild } from '../harness/child.ts'
import { inTurn, type Row, type Sample } from '../harness/row.ts'
import { median, percentile } from '../harness/statistics.ts'
import type { OurWorkerCalls } from '../sides/our-worker.ts'

const megabyte = 1024 * 1024
const imageBytes = 5 * megabyte
const imagesInFlight = 50

/** What sealing costs a browser, what we add to the reading of a document, and what its images cost a worker. */
export const documents: Row<'sealing' | 'overhead' | 'memory'> = {
  name: 'documents',
  lines: {
    sealing: {
      title: 'sealing 2 images of 5 MB as a browser does, p10',
      reference: 'raw WebCrypto',
      unit: 'ms',
      goals: [{ of: 'ratio', at: 'most', value: 1.1 }],
    },
    overhead: {
      title: 'submit → document read, less the reader, p50',
      unit: 'ms',
      goals: [{ of: 'figure', at: 'most', value: 100 }],
    },
    memory: {
      title: `${imagesInFlight} photos of 5 MB due at once in one worker: peak memory`,
      unit: 'MB',
      goals: [{ of: 'figure', at: 'most', value: 700 }],
    },
  },
  async prepare({ size, keep, ...options }) {
    const stack = keep(await startTestStack({ keys: 'local', fsync: true }))
    const desk = openDocumentDesk(stack)
    keep({ stop: desk.close })
    const worker = {
      ...(await stack.environmentFor('worker')),
      ANTEROOM_DOCUMENT_FIXTURES: 'false',
    }
    const startWorker = async () => {
      const child = keep(
        await startChild<OurWorkerCalls>('our-worker.ts', { ...options, env: worker }),
      )
      await child.call('start', { concurrentJobs: 100 })
      return child
    }
    const reading = await startWorker()
    const [card] = specimens
    const files: Files = (await card?.files()) ?? {}
    const pair = [randomBytes(imageBytes), randomBytes(imageBytes)].map(
      (one) => new Uint8Array(one),
    )
    const cards = await paddedCards(imagesInFlight / 2, imageBytes)
    let roundsLeft = size.longRounds
    const peakMemory = async (): Promise<{ memory?: Sample }> => {
      if (roundsLeft === 0) return {}
      roundsLeft -= 1
      // A process keeps its peak, so each round has its own.
      const fresh = await startWorker()
      await reading.call('stop')
      await checkAtOnce(desk, cards)
      const { peakMemoryMb } = await fresh.usage()
      await fresh.stop()
      await reading.call('start', { concurrentJobs: 100 })
      return { memory: { ours: { value: peakMemoryMb } } }
    }

    await compareSealing(pair, 2, true)
    await overheadMs(desk, files, reading)
    return {
      async round(oursFirst) {
        const sealing = await compareSealing(pair, size.sealedPairs, oursFirst)
        const added: number[] = []
        for (let read = 0; read < size.documentsRead; read += 1) {
          added.push(await overheadMs(desk, files, reading))
        }
        return { sealing, overhead: { ours: { value: median(added) } }, ...(await peakMemory()) }
      },
    }
  },
}

type Pair = readonly Uint8Array<ArrayBuffer>[]

/** In turn, pair by pair, and the fastest tenth of each: what else the machine does only ever adds. */
async function compareSealing(images: Pair, pairs: number, oursFirst: boolean): Promise<Sample> {
  const ours: number[] = []
  const reference: number[] = []
  for (let pair = 0; pair < pairs; pair += 1) {
    const took = await inTurn(
      (pair % 2 === 0) === oursFirst,
      () => tookMs(() => seal(images)),
      () => tookMs(() => sealRaw(images)),
    )
    ours.push(took.ours)
    reference.push(took.reference)
  }
  return {
    ours: { value: percentile(ours, 10) },
    reference: { value: percentile(reference, 10) },
  }
}

async function tookMs(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

async function seal(images: Pair): Promise<void> {
  const key = await createImageKey()
  for (const bytes of images) {
    const slot = { submissionId: 'S'.repeat(43), side: 'front', contentType: 'image/jpeg' }
    await sealImage(key, { ...slot, bytes })
  }
}

async function sealRaw(images: Pair): Promise<void> {
  const name = 'AES-GCM'
  const key = await crypto.subtle.generateKey({ name, length: 256 }, true, ['encrypt'])
  for (const bytes of images) {
    const iv = crypto.getRandomValues(new Uint8Array(12))
    await crypto.subtle.encrypt({ name, iv, tagLength: 128 }, key, bytes)
  }
}

/** From submit until a page can see the answer: queue, download, opening, sealing, commits, push. */
async function overheadMs(
  desk: DocumentDesk,
  files: Files,
  worker: { call(name: 'readingMs'): Promise<number> },
): Promise<number> {
  const { payload } = await desk.upload(files)
  await worker.call('readingMs')
  const startedAt = performance.now()
  await desk.untilAnswered(await desk.enqueue(payload), 1)
  const tookMs = performance.now() - startedAt
  return tookMs - (await worker.call('readingMs'))
}

async function checkAtOnce(desk: DocumentDesk, cards: readonly Files[]): Promise<void> {
  const submissions = []
  for (const files of cards) submissions.push(await desk.upload(files))
  const ids = await Promise.all(submissions.map(({ payload }) => desk.enqueue(payload)))
  const outcomes = await Promise.all(ids.map((id) => desk.untilAnswered(id)))
  if (outcomes.some(({ state }) => state !== 'done')) throw new Error('not every photo was decoded')
}
