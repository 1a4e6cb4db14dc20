import { availableParallelism, loadavg } from 'node:os'
import { rotations } from '@anteroom/infra/rotation/rotations.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applicant } from '../support/applicant.ts'
import { tell } from '../support/long-run.ts'
import { startTestStack } from '../support/stack.ts'
import { waitForAnswer } from '../support/walk.ts'
import { type AccountHolder, signInAnew, signUp } from './account-holder.ts'
import { startCrowd } from './crowd.ts'
import { type Fleet, startFleet } from './fleet.ts'
import { keysInUse, rotate } from './rotate.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
let fleet: Fleet
let url: string
beforeAll(async () => {
  stack = await startTestStack()
  fleet = await startFleet(stack)
  url = `http://localhost:${stack.addresses.ports.web}`
})
afterAll(async () => {
  await fleet.stop()
  await stack.stop()
})

/** The signed-in owner is verified, and has their details kept. */
async function keepDetails({ person }: AccountHolder): Promise<void> {
  const consent = await person.get('/verify/consent')
  const details = await person.submit(consent, '/verify/consent', { consent: 'yes' })
  const check = await person.submit(details, '/verify/details', applicant({ firstName: 'Susan' }))
  await person.submit(check, '/verify/check')
  await waitForAnswer(person)
  const phone = await person.get('/verify/phone')
  await person.submit(phone, '/verify/phone', { phone: '703-555-0142' })
  const result = await waitForAnswer(person)
  await person.submit(result, '/account/identity/profile', { keep: 'yes' })
}

test(
  'every key is replaced while people go through the pages: nobody sees an error, and everything still opens',
  async () => {
    const holder = await signUp(stack, url, { address: 'holder@example.com', withApp: false })
    const keeper = await signUp(stack, url, { address: 'keeper@example.com', withApp: true })
    await keepDetails(keeper)
    const crowd = startCrowd({ url, stack, holder })

    await rotate(
      { stack, fleet, crowd },
      rotations.filter(({ name }) => name !== '`session_encryption_keys`'),
      tell,
    )
    await crowd.untilGone()
    await crowd.stop()
    const back = await signInAnew(url, keeper)
    const profile = await back.person.get('/account/identity/profile')
    const inUse = await keysInUse(stack)
    // Then an answer may take longer than its 2.7 seconds for the machine's sake; otherwise none may.
    const isOverloaded = (loadavg()[0] ?? 0) > 4 * availableParallelism()

    tell(`${fleet.balancer.answered()} requests; ${JSON.stringify([...crowd.done])}`)
    const failures = ['request.failed', 'job.failed'].flatMap((event) => fleet.logged(event))
    const late = failures.filter(({ code }) => code === 'ANSWER_TOO_LATE')
    const others = failures.filter((failure) => !late.includes(failure))
    tell(`${late.length} answers came too late`)
    expect(others.map(({ msg, code, where, reason }) => ({ msg, code, where, reason }))).toEqual([])
    expect(late.length).toBeLessThanOrEqual(isOverloaded ? fleet.balancer.answered() / 100 : 0)
    const isLate = (trouble: string) => late.length > 0 && /\b503\b/.test(trouble)
    expect(crowd.troubles.filter((trouble) => !isLate(trouble))).toEqual([])
    expect(fleet.balancer.troubles.filter((trouble) => !isLate(trouble))).toEqual([])
    expect([...crowd.done.keys()]).toHaveLength(4)
    expect(new Set(fleet.exitCodes)).toEqual(new Set([0]))
    expect(back.page.path).toBe('/account')
    expect(profile.html).toContain('Susan')
    expect(new Set(inUse.map((one) => one.session_encryption_key))).toEqual(new Set(['2']))
    expect(fleet.logged('records.renewed')).not.toEqual([])
    expect(fleet.logged('records.unopenable')).toEqual([])
  },
  8 * 60_000,
)
