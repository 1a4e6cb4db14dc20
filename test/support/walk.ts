import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { specimens } from '@anteroom/infra/specimens/index.ts'
import { applicant, type DetailsFields } from './applicant.ts'
import { createPerson, type Page, type Person } from './person.ts'
import { type RunningService, startService } from './service.ts'
import { startTestStack } from './stack.ts'

/** Both services as processes of their own, and everything around them. */
export interface TestSystem {
  readonly stack: LocalStack
  readonly web: RunningService
  readonly worker: RunningService
  stop(): Promise<void>
}

/** Most tests are about what follows after a document; the others ask for one. */
export const withoutDocuments = { ANTEROOM_DOCUMENT_PROOFING: 'off' } as const

export async function startTestSystem(
  settings: {
    readonly web?: Record<string, string>
    readonly worker?: Record<string, string>
  } = {},
): Promise<TestSystem> {
  const stack = await startTestStack()
  const [web, worker] = await Promise.all([
    // Everybody here comes from one address.
    startService('web', stack, {
      settings: { ...withoutDocuments, ANTEROOM_REQUESTS_PER_WINDOW: '100000', ...settings.web },
    }),
    startService('worker', stack, { settings: settings.worker ?? {} }),
  ])
  return {
    stack,
    web,
    worker,
    async stop() {
      await Promise.all([web.stop(), worker.stop()])
      await stack.stop()
    },
  }
}

/** Goes from the first page to the waiting page. */
export async function walkToWaiting(
  url: string,
  changes: DetailsFields = {},
): Promise<{ person: Person; page: Page }> {
  const { person, check } = await walkToCheck(url, changes)
  const page = await person.submit(check, '/verify/check')
  return { person, page }
}

/** Goes from the first page to the one on which the answers are checked. */
export async function walkToCheck(
  url: string,
  changes: DetailsFields = {},
): Promise<{ person: Person; check: Page }> {
  const person = createPerson(url)
  const consent = await person.get('/verify/consent')
  const details = await person.submit(consent, '/verify/consent', { consent: 'yes' })
  const check = await person.submit(details, '/verify/details', applicant(changes))
  return { person, check }
}

/** As {@link walkToWaiting}, with a drawn license first: name, date of birth and number are read from it. */
export async function walkToWaitingWithLicense(url: string): Promise<{ person: Person }> {
  const person = createPerson(url)
  const consent = await person.get('/verify/consent')
  const choice = await person.submit(consent, '/verify/consent', { consent: 'yes' })
  const photos = await person.submit(choice, '/verify/document', {
    documentType: 'drivers-license',
  })
  await person.submitFiles(photos, '/verify/document/photos', await license())
  const read = await waitForAnswer(person)
  const details = await person.submit(read, '/verify/document/read', yesOf(read))
  const { address1 = '', city = '', state = '', zipCode = '', ssn = '' } = applicant()
  const typed = { address1, address2: '', city, state, zipCode, ssn }
  const check = await person.submit(details, '/verify/details', typed)
  await person.submit(check, '/verify/check')
  return { person }
}

async function license(): Promise<Record<string, Uint8Array>> {
  const clean = specimens.find(({ documentType }) => documentType === 'drivers-license')
  return { ...(await clean?.files()) }
}

/** A yes names the reading that it is about. */
function yesOf({ html }: Page): Record<string, string> {
  const attemptId = /name="attemptId" value="([^"]+)"/.exec(html)?.[1]
  return attemptId === undefined ? {} : { attemptId }
}

/** Selects “Check again” until there is an answer. */
export async function waitForAnswer(person: Person, withinMs = 70_000): Promise<Page> {
  const until = Date.now() + withinMs
  let page = await person.get('/verify/wait')
  while (page.path === '/verify/wait' && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 150))
    page = await person.get('/verify/wait')
  }
  return page
}
