import { dirname, join } from 'node:path'
import { logFieldTypes, metricDefinitions } from '@anteroom/runtime'
import { expect, test } from 'vitest'
import { sources } from '../support/sources.ts'

const files = sources.map((file) => ({ ...file, words: new Set(file.text.match(/\w+/g)) }))

// Types are named by what they are part of, and an error by whoever may have to catch it.
const exported = /^export (?:async )?(?:const|function\*?|class(?! \w+ extends \w*Error)) (\w+)/gm

test('what a file exports is used in another, not only listed', () => {
  const unused = files.flatMap(({ path, text }) =>
    [...text.matchAll(exported)]
      .map(([, name = '']) => name)
      .filter((name) => !isUsedOutside(name, path))
      .map((name) => `${path}: ${name}`),
  )

  expect(unused).toEqual([])
})

test('what a package lists in its index is used by somebody else', () => {
  const unused = files
    .filter(({ path }) => /^packages\/[^/]+\/src\/index\.ts$/.test(path))
    .flatMap(({ path, text }) => {
      const folder = path.replace('src/index.ts', '')
      return listedValues(text)
        .filter((name) => !files.some((it) => !it.path.startsWith(folder) && it.words.has(name)))
        .map((name) => `${path}: ${name}`)
    })

  expect(unused).toEqual([])
})

// Where a process, a thread, a package or a page begins, and the doors that only measurements take.
const beginnings =
  /\/(?:main|index|reading-thread|press-thread|browser|browser\/[\w-]+|bench-door|calibration|for-operators|password)\.ts$/

test('in src stands what is shipped; what only tests use stands beside it', () => {
  const shipped = files.filter(({ path }) =>
    /^(?:apps|packages)\/[^/]+\/src\/(?!.*\.test\.ts$)/.test(path),
  )
  const imported = new Set(
    shipped.flatMap(({ path, text }) =>
      [...text.matchAll(/from '(\.[^']+)'/g)].map(([, target = '']) => join(dirname(path), target)),
    ),
  )

  const left = shipped.map(({ path }) => path).filter((path) => !imported.has(path))
  expect(left.filter((path) => !beginnings.test(path))).toEqual([])
})

test('every field that a log line may have is one that some line has', () => {
  const calls = files
    .filter(({ path }) => /^(?:apps|packages)\/[^/]+\/src\//.test(path))
    .flatMap(({ text }) => text.match(logCall) ?? [])
  // What is known of an error nobody expected goes into a line as a whole.
  const facts = files.find(({ path }) => path === 'packages/runtime/src/error-facts.ts')
  const words = new Set([...calls, facts?.text ?? ''].join(' ').match(/\w+/g))

  expect(Object.keys(logFieldTypes).filter((name) => !words.has(name))).toEqual([])
})

test('every metric that is documented is one that some service measures', () => {
  const measured = files
    .filter(({ path }) => /^apps\/[^/]+\/src\/(?!.*\.test\.ts$)/.test(path))
    .flatMap(({ text }) => [...text.matchAll(measureCall)].map(([, name = '']) => name))

  expect(Object.keys(metricDefinitions).filter((name) => !measured.includes(name))).toEqual([])
})

const measureCall = /\bmetrics\.(?:observe|increment|set)\(\s*'(\w+)'/g

// Up to the first line that ends the call.
const logCall = /\blog(?:\.(?:debug|info|warn|error)|\[level\])\([\s\S]*?\)$/gm

/** A package's index lists names and uses none; the index of a list of rows or faults does use them. */
function isUsedOutside(name: string, home: string): boolean {
  return files.some(
    ({ path, words }) =>
      path !== home && !/^packages\/.*\/index\.ts$/.test(path) && words.has(name),
  )
}

/** `{ a, type B, c } from` lists a and c. */
function listedValues(text: string): string[] {
  return [...text.matchAll(/export \{([^}]*)\}/g)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim())
    .filter((name) => /^\w+$/.test(name))
}
