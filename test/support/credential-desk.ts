import { createHash, generateKeyPairSync } from 'node:crypto'
import { pushOutcome } from '@anteroom/job-channel'
import { jobs, type Outcome } from '@anteroom/job-contracts'
import { applicant, type DetailsFields } from './applicant.ts'
import { fixedSealer } from './fixed-keys.ts'
import { createScriptedLine, type ScriptedLine, waitingStanding } from './scripted-line.ts'
import { createVisitor, startTestWeb, type TestWeb, type Visitor } from './web.ts'

/** The web with a line whose answers the test decides, and people who are verified. */
export interface CredentialDesk {
  readonly web: TestWeb
  readonly line: ScriptedLine
  /** Somebody who has been verified, and stands before the line. */
  verified(details?: DetailsFields): Promise<Visitor>
  /** The same details pass every check once more. */
  verifyAgain(person: Visitor): Promise<void>
  /** Somebody who has joined it. */
  inLine(details?: DetailsFields): Promise<Visitor>
  /** The credential of who joined last is there; the page finds it as it would the worker's. */
  issue(pdf?: Buffer): Promise<void>
  /** Where Redis holds this visitor's session. */
  sessionKey(person: Visitor): string
  stop(): Promise<void>
}

/** A file that a browser shows: one page with a line on it. */
export const samplePdf = Buffer.from(`%PDF-1.7
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>>> endobj
4 0 obj <</Length 52>> stream
BT /F 28 Tf 72 680 Td (A pretend credential) Tj ET
endstream endobj
5 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> endobj
trailer <</Root 1 0 R>>
%%EOF
`)

/** Nothing is signed here; without a key people are not offered a credential. */
const { publicKey: anyKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicKey = anyKey.export({ format: 'jwk' })

export async function startCredentialDesk(
  settings: Record<string, string> = {},
  startWeb = startTestWeb,
): Promise<CredentialDesk> {
  const line = createScriptedLine()
  const web = await startWeb(
    {
      ANTEROOM_REQUESTS_PER_WINDOW: '100000',
      ANTEROOM_CREDENTIAL_PUBLIC_KEYS: JSON.stringify({ keys: [publicKey] }),
      ...settings,
    },
    { line },
  )
  async function verified(details = applicant()): Promise<Visitor> {
    const person = createVisitor(web.app)
    await person.reachCheck(details)
    await verifyAgain(person)
    return person
  }

  async function verifyAgain(person: Visitor): Promise<void> {
    await person.get('/verify/check')
    await person.post('/verify/check')
    await pass(web, person, { references: { resolution: 'r', stateId: 's' } })
    await person.get('/verify/phone')
    await person.post('/verify/phone', { phone: '(703) 555-0142' })
    await pass(web, person, { references: { address: 'a' } })
  }

  return {
    web,
    line,
    verified,
    verifyAgain,
    async inLine(details) {
      const person = await verified(details)
      line.setStanding(waitingStanding)
      await person.post('/credential/request')
      return person
    },
    async issue(pdf = samplePdf) {
      const id = line.joined.at(-1)?.ticket.id ?? ''
      const result = { pdf: pdf.toString('base64'), number: 'AR-7K2M', expiresOn: '2027-01-14' }
      const slot = { purpose: 'credential', name: jobs.credentialIssuance.name, id } as const
      const sealed = await fixedSealer.seal(slot, JSON.stringify(result))
      await push(web, id, { state: 'done', sealed })
      line.setStanding({ state: 'issued' })
    },
    sessionKey({ cookies }) {
      const id = cookies.get('anteroom-session') ?? ''
      return `session:${createHash('sha256').update(id).digest('base64url')}`
    },
    stop: () => web.stop(),
  }
}

/** The check under way ends well, and the person sees it. */
async function pass(web: TestWeb, person: Visitor, found: object): Promise<void> {
  const { rows } = await web.database
    .pool('admin')
    .query('select job, job_id from web.attempts order by enqueued_at desc limit 1')
  const { job, job_id: id } = rows[0]
  const slot = { purpose: 'result', name: job, id } as const
  const sealed = await fixedSealer.seal(slot, JSON.stringify({ verified: true, ...found }))
  await push(web, id, { state: 'done', sealed })
  await person.get('/verify/wait')
  await person.get('/verify/result')
}

async function push(web: TestWeb, jobId: string, outcome: Outcome): Promise<void> {
  await pushOutcome(web.redis.pipeline(), { jobId, outcome, seconds: 600 }).exec()
}
