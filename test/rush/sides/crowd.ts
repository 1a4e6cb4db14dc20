import { join } from 'node:path'
import {
  createLog,
  createMetrics,
  createS3SettingsReader,
  createShutdown,
  loadSettings,
} from '@anteroom/runtime'
import { webSettings } from '../../../apps/idp-web/src/config.ts'
import { createDeps } from '../../../apps/idp-web/src/deps.ts'
import { serve } from '../../bench/harness/serve.ts'
import { createRandom } from '../../faults/harness/random.ts'
import { root } from '../../support/root.ts'
import { goThroughLine } from '../crowd/person.ts'
import type { CrowdPlan } from '../crowd/plan.ts'
import { type Answer, createSite } from '../crowd/site.ts'
import { drawTemper } from '../crowd/temper.ts'
import { type Times, timesOf } from '../crowd/times.ts'
import { inviteVerified, type VerifiedPerson } from '../crowd/verified-people.ts'
import type { PersonRecord, Sample } from '../history.ts'

/** All people of a rush, in a process of their own: what they take is not taken for what the services take. */

export interface CrowdReport {
  readonly people: readonly PersonRecord[]
  readonly present: readonly Sample[]
  readonly requestsPerSecond: readonly number[]
  readonly polls: Times
  /** The same question put to a bare server, after every fourth poll. */
  readonly bare: Times
  /** Some of the files people were given, base64. */
  readonly files: readonly string[]
}

const bareAfterPolls = 4
const filesKept = 5

let invited: VerifiedPerson[] = []
let present = 0
const ending = new AbortController()
const endings = new Map<string, number>()

const calls = {
  async invite(count: number) {
    const config = await loadSettings(webSettings, {
      env: process.env,
      readS3: createS3SettingsReader(),
    })
    const log = createLog({ service: 'idp-web', level: 'error' })
    const shutdown = createShutdown(log)
    const assetsFolder = join(root, 'apps/idp-web/dist/assets')
    const metrics = createMetrics('idp-web')
    const deps = await createDeps(config, { log, metrics, shutdown, assetsFolder })
    invited = await inviteVerified(deps, count)
    await shutdown.run()
  },
  come: (plan: CrowdPlan) => come(plan),
  /** How it stands: how many are there and wait, and how many are done, by how. */
  progress: () => ({ present, endings: Object.fromEntries(endings) }),
  sendHome: () => ending.abort(),
}

async function come(plan: CrowdPlan): Promise<CrowdReport> {
  const random = createRandom(plan.seed)
  const site = createSite(plan.webUrls)
  const bare = createSite([plan.bareUrl])
  const [polls, barePolls]: [number[], number[]] = [[], []]
  const files: string[] = []
  const samples: Sample[] = []
  const sampling = setInterval(() => samples.push({ at: Date.now(), count: present }), 1_000)
  const limit = setTimeout(() => ending.abort(), plan.maxMs)
  const around = {
    ...{ plan, site, random, signal: ending.signal },
    async onPoll({ sentAt, answeredAt }: Answer) {
      polls.push(answeredAt - sentAt)
      if (polls.length % bareAfterPolls !== 0) return
      const answer = await bare.ask('/status', { cookie: '' }).catch(() => undefined)
      if (answer) barePolls.push(answer.answeredAt - answer.sentAt)
    },
    onPresent(change: number) {
      present += change
    },
    onFile(pdf: Buffer) {
      if (files.length < filesKept) files.push(pdf.toString('base64'))
    },
  }
  const people = await Promise.all(
    invited.map(async (person) => {
      const record = await goThroughLine(person, drawTemper(plan, random), around)
      endings.set(record.ending, (endings.get(record.ending) ?? 0) + 1)
      return record
    }),
  )
  clearInterval(sampling)
  clearTimeout(limit)
  site.close()
  bare.close()
  return {
    people,
    present: samples,
    requestsPerSecond: Array.from(site.perSecond, (count) => count ?? 0),
    polls: timesOf(polls),
    bare: timesOf(barePolls),
    files,
  }
}

export type CrowdCalls = typeof calls

serve(calls)
