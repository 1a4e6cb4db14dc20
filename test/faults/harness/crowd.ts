import { setTimeout as pause } from 'node:timers/promises'
import { createFingerprint, createKeyring } from '@anteroom/crypto'
import type { Visit } from '../history.ts'
import { invite, type Mix } from './applicants.ts'
import type { Bed } from './bed.ts'
import type { Random } from './random.ts'
import { visit } from './visit.ts'

export interface CrowdOptions {
  readonly fault: string
  readonly mix: Mix
  /** People who come, per second, whether or not the others are through. */
  readonly perSecond: number
  readonly random: Random
}

/** People who keep coming until they are told to stop. */
export interface Crowd {
  readonly present: () => number
  /** Lets nobody in any more, waits for those inside, and gives what all of them saw. */
  finish(): Promise<Visit[]>
}

/** More than this at once would measure this machine and not the system. */
const mostAtOnce = 1_200

export function startCrowd(bed: Bed, { fault, mix, perSecond, random }: CrowdOptions): Crowd {
  const { stack } = bed
  const device = createFingerprint(
    createKeyring([{ id: '1', key: Buffer.from(stack.secrets.fingerprints, 'base64url') }]),
    'person',
  )
  const inside = new Set<Promise<void>>()
  const visits: Visit[] = []
  const failures: unknown[] = []
  let open = true

  async function come(): Promise<void> {
    const applicant = invite(mix, random)
    const { firstName: first_name = '', lastName: last_name = '' } = applicant.details
    const webUrls = bed.webUrls[applicant.document === undefined ? 'details' : 'documents']
    const { device: cookie, ...record } = await visit({ applicant, webUrls, random })
    visits.push({
      ...record,
      fault,
      vendorHash: stack.vendors.personHash({ first_name, last_name, date_of_birth: '1986-04-12' }),
      deviceHash: cookie === undefined ? undefined : device.write(cookie),
    })
  }

  async function letIn(): Promise<void> {
    while (open) {
      if (inside.size < mostAtOnce) {
        const one: Promise<void> = come()
          .catch((error: unknown) => void failures.push(error))
          .finally(() => inside.delete(one))
        inside.add(one)
      }
      await pause((1_000 / perSecond) * random.between(0.5, 1.5))
    }
  }

  const ended = letIn()
  return {
    present: () => inside.size,
    async finish() {
      open = false
      await ended
      await Promise.all(inside)
      // The people here behave; if one of them fails it is the harness, and nothing it says can be trusted.
      if (failures.length > 0) throw new AggregateError(failures, 'people went astray')
      return visits
    },
  }
}
