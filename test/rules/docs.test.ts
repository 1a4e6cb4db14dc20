import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generateDocs } from '@anteroom/infra/docs/generate.ts'
import { failureReasons, jobs, transferProblems } from '@anteroom/job-contracts'
import { describe, expect, test } from 'vitest'
import { commandsIn, documents, linksIn, pathsIn } from '../support/documents.ts'
import { root } from '../support/root.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const generated = await generateDocs()

test.each([...generated])('%s says what the code says; `pnpm fix` renews it', (path, text) => {
  expect(read(path)).toBe(text)
})

describe('docs/jobs.md', () => {
  const page = read('docs/jobs.md')

  /** The words under a heading, up to the next heading; tables and comments do not count. */
  function wordsUnder(heading: string): string {
    const [, below = ''] = page.split(`\n${heading}\n`)
    const [section = ''] = below.split(/\n#+ /)
    return section.replace(/^(?:\||<!--).*$/gm, '').trim()
  }

  test.each(Object.values(jobs).map(({ name }) => name))('has a paragraph about %s', (name) => {
    expect(wordsUnder(`## \`${name}\``).length).toBeGreaterThan(100)
  })

  test.each(failureReasons)('has a paragraph about the reason %s', (reason) => {
    expect(wordsUnder(`### \`${reason}\``).length).toBeGreaterThan(100)
  })

  test('names every code that becomes a reason', () => {
    const policy = globSync('apps/worker/src/**/*.ts', { cwd: root }).map(read).join('\n')
    const codes = [...policy.matchAll(/(?:case|code:) '([A-Z_]+)'/g)].map(([, code = '']) => code)

    expect(codes.length).toBeGreaterThan(10)
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([])
  })
})

test.each(transferProblems)('docs/transfers.md says what the problem %s means', (problem) => {
  expect(read('docs/transfers.md')).toMatch(new RegExp(`^\\| \`${problem}\` \\| .{10,}`, 'm'))
})

test('every document is found by following links from the README', () => {
  const found = new Set(['README.md'])
  // What is added meanwhile is followed as well.
  for (const path of found) {
    const linked = linksIn(read(path)).map((link) => join(dirname(path), link))
    for (const target of linked.filter((it) => it.endsWith('.md'))) found.add(target)
  }

  expect(documents(root).filter((path) => !found.has(path))).toEqual([])
})

describe.each(documents(root))('%s', (path) => {
  const text = read(path)

  test('has no two chapters of one name', () => {
    const chapters = text.split('\n').filter((line) => line.startsWith('## '))

    expect(chapters).toEqual([...new Set(chapters)])
  })

  test('links to nothing that is not there', () => {
    const broken = linksIn(text).filter((link) => !existsSync(join(root, dirname(path), link)))

    expect(broken).toEqual([])
  })

  test('names no path that is not there', () => {
    expect(pathsIn(text).filter((named) => !existsSync(join(root, named)))).toEqual([])
  })

  test('names no command that is not there', () => {
    const { scripts } = JSON.parse(read('package.json'))

    expect(commandsIn(text).filter((name) => scripts[name] === undefined)).toEqual([])
  })
})
