import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineJob } from './define-job.ts'

const rest = { outcomeSeconds: 60, deadlineSeconds: 60, retry: { attempts: 1 } }

test('a job cannot be changed once it is defined', () => {
  const job = defineJob({
    name: 'a',
    payload: z.object({ b: z.string() }),
    clear: [],
    result: z.null(),
    ...rest,
  })

  expect(Object.isFrozen(job)).toBe(true)
})

test('a readable field must be one of the payload, or it does not compile', () => {
  defineJob({
    name: 'a',
    payload: z.object({ b: z.string() }),
    // @ts-expect-error the payload has no such field
    clear: ['c'],
    result: z.null(),
    ...rest,
  })
})

test('a job without a retry policy does not compile', () => {
  const { retry, ...without } = rest

  // @ts-expect-error the policy is missing
  defineJob({
    name: 'a',
    payload: z.object({ b: z.string() }),
    clear: [],
    result: z.null(),
    ...without,
  })
  expect(retry.attempts).toBe(1)
})
