import { expect, test } from 'vitest'
import { createGroupCommit } from './group-commit.ts'

/** A commit that ends when the test says so, and remembers who rode. */
function controlledCommit() {
  const groups: { riders: readonly number[]; end: (error?: Error) => void }[] = []
  const commit = (riders: readonly number[]) =>
    new Promise<readonly string[]>((resolve, reject) => {
      const end = (error?: Error) =>
        error ? reject(error) : resolve(riders.map((rider) => `#${rider}`))
      groups.push({ riders, end })
    })
  return { groups, commit }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('a caller alone does not wait for others', async () => {
  const { groups, commit } = controlledCommit()
  const ride = createGroupCommit({ commit })

  const answer = ride(1)
  groups[0]?.end()

  expect(await answer).toBe('#1')
})

test('callers that come while a commit is in flight ride together in the next one', async () => {
  const { groups, commit } = controlledCommit()
  const ride = createGroupCommit({ commit })

  const answers = [1, 2, 3].map(ride)
  groups[0]?.end()
  await turn()
  groups[1]?.end()

  expect(await Promise.all(answers)).toEqual(['#1', '#2', '#3'])
  expect(groups.map(({ riders }) => riders)).toEqual([[1], [2, 3]])
})

test('a group is no larger than it may be', async () => {
  const { groups, commit } = controlledCommit()
  const ride = createGroupCommit({ commit, maxRiders: 2 })

  const answers = [1, 2, 3, 4].map(ride)
  for (let index = 0; index < 3; index += 1) {
    groups[index]?.end()
    await turn()
  }

  await Promise.all(answers)
  expect(groups.map(({ riders }) => riders)).toEqual([[1], [2, 3], [4]])
})

test('a failed commit fails those who rode in it and nobody else', async () => {
  const { groups, commit } = controlledCommit()
  const ride = createGroupCommit({ commit })

  const first = ride(1)
  const second = ride(2)
  groups[0]?.end(new Error('refused'))
  await expect(first).rejects.toThrow('refused')
  groups[1]?.end()

  expect(await second).toBe('#2')
})

test('a group whose commit is unknown is committed once more, and only once', async () => {
  const { groups, commit } = controlledCommit()
  const ride = createGroupCommit({ commit, isCommitUnknown: () => true })

  const answer = ride(1)
  groups[0]?.end(new Error('connection lost'))
  await turn()
  groups[1]?.end(new Error('connection lost again'))

  await expect(answer).rejects.toThrow('connection lost again')
  expect(groups.map(({ riders }) => riders)).toEqual([[1], [1]])
})
