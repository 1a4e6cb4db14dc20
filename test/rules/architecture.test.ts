import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../support/root.ts'
import { type SourceFile, sources } from '../support/sources.ts'

/** Which of our packages each may import. What is not listed is forbidden. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'apps/idp-web': [
    'job-contracts',
    'job-channel',
    'credential',
    'crypto',
    'crypto/password',
    'html',
    'runtime',
    'security-events',
  ],
  'apps/worker': [
    'job-contracts',
    'job-channel',
    'crypto',
    'crypto/password',
    'html',
    'operations',
    'runtime',
    'vendor-clients',
    'document-reader',
    'credential',
    'security-events',
  ],
  'packages/job-channel': ['job-contracts'],
  'packages/job-contracts': [],
  'packages/credential': [],
  'packages/html': [],
  'packages/operations': ['job-channel', 'job-contracts'],
  'packages/crypto': [],
  'packages/document-reader': [],
  'packages/vendor-clients': [],
  'packages/runtime': [],
  'packages/security-events': [],
}

/** Files of the apps that may know of keys: there functions are made of them, and only the functions go on. */
const keyHolders = ['deps.ts', 'failure.ts']

/** What the document reader loads from files when it runs: never imported, or not to be part of a bundle. */
const readFromFiles: Readonly<Record<string, readonly string[]>> = {
  'apps/worker': ['bwip-js', 'dejavu-fonts-ttf', 'piscina', 'sharp', 'zxing-wasm'],
  'packages/document-reader': ['bwip-js'],
}

/** The one file of each app that reaches the images. */
const imageStores = [
  'apps/idp-web/src/documents/image-store.ts',
  'apps/worker/src/documents/image-store.ts',
]

/** Ways out of a process that only the one door, and the servers themselves, may know. */
const network = [
  'got',
  'undici',
  '@aws-sdk/client-s3',
  ...['http', 'https', 'http2', 'net', 'tls', 'dgram'].flatMap((name) => [name, `node:${name}`]),
]

/** Builds requests and answers in memory, for a library that takes nothing else. No server or client is made of them. */
const inMemory = 'apps/idp-web/src/openid/exchange.ts'

interface OurFile extends SourceFile {
  readonly imports: readonly string[]
}

const files = sources.map((file): OurFile => ({ ...file, imports: importsOf(file.text) }))

const filesBelow = (folder: string): OurFile[] =>
  files.filter(({ path }) => path.startsWith(`${folder}/`))

function importsOf(text: string): string[] {
  const pattern = /(?<![.\w])(?:from|import)\s*\(?\s*'([^']+)'/g
  return [...text.matchAll(pattern)].map(([, name = '']) => name)
}

const isTest = ({ path }: OurFile): boolean => path.endsWith('.test.ts')

describe.each(Object.entries(allowed))('%s', (folder, mayImport) => {
  const files = filesBelow(folder)
  const ours = (file: OurFile) =>
    file.imports
      .filter((name) => name.startsWith('@anteroom/'))
      .map((name) => name.slice('@anteroom/'.length))

  test('imports only what it may', () => {
    const wrong = files.flatMap((file) =>
      ours(file)
        .filter((name) => !mayImport.includes(name) && !isForBrowsers(file, name))
        .map((name) => `${file.path} → ${name}`),
    )

    expect(wrong).toEqual([])
  })

  test('declares only what it may, and exactly what it imports', () => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const declared = Object.keys(manifest.dependencies ?? {})
    // What is not in `src` builds the package and is not part of it.
    const used = new Set(
      files
        .filter((file) => !isTest(file) && file.path.startsWith(`${folder}/src/`))
        .flatMap(({ imports }) => imports)
        .filter((name) => !name.startsWith('.') && !isBuiltin(name))
        .map(packageOf),
    )

    const forbidden = declared.filter(
      (name) =>
        name.startsWith('@anteroom/') && !mayImport.includes(name.slice('@anteroom/'.length)),
    )
    expect(forbidden).toEqual([])
    expect(
      declared.filter((name) => !used.has(name) && !readFromFiles[folder]?.includes(name)),
      'declared, not used',
    ).toEqual([])
    expect(
      [...used].filter((name) => !declared.includes(name)),
      'used, not declared',
    ).toEqual([])
  })

  test('reaches no other folder by a relative path', () => {
    const strays = files.flatMap((file) =>
      file.imports
        .filter((name) => name.startsWith('.'))
        .filter((name) =>
          relative(join(root, folder), join(root, file.path, '..', name)).startsWith('..'),
        )
        .map((name) => `${file.path} → ${name}`),
    )

    expect(strays).toEqual([])
  })
})

/** What pages run comes through entries of its own, which hold nothing of Node. */
function isForBrowsers({ path }: SourceFile, name: string): boolean {
  const forBrowsers = ['crypto/browser', 'credential/days', 'credential/paths', 'credential/verify']
  return forBrowsers.includes(name) && path.startsWith('apps/idp-web/src/browser/')
}

function packageOf(name: string): string {
  const [scope = '', rest] = name.split('/')
  return name.startsWith('@') && rest !== undefined ? `${scope}/${rest}` : scope
}

function isImageStore(path: string, name: string): boolean {
  return name === '@aws-sdk/client-s3' && imageStores.includes(path)
}

describe.each(['apps/idp-web', 'apps/worker'])('%s', (folder) => {
  const files = filesBelow(`${folder}/src`).filter((file) => !isTest(file))

  test('knows of keys only where functions are made of them', () => {
    const knowing = files
      .filter(({ imports }) => imports.includes('@anteroom/crypto'))
      .map(({ path }) => path.slice(`${folder}/src/`.length))

    expect(
      knowing.filter((path) => !keyHolders.includes(path) && !path.startsWith('browser/')),
    ).toEqual([])
  })

  test('has no way to the outside but the one door', () => {
    const leaks = files.flatMap(({ path, imports, text }) => [
      ...imports
        .filter((name) => network.includes(name) && !isImageStore(path, name) && path !== inMemory)
        .map((name) => `${path} → ${name}`),
      ...(/(?<![.\w])fetch\(/.test(text) && !path.includes('/browser/') ? [`${path} → fetch`] : []),
    ])

    expect(leaks).toEqual([])
  })

  test('never builds the door that the benchmark uses', () => {
    const users = files.filter(({ imports }) => imports.some((name) => name.includes('bench-door')))

    expect(users.map(({ path }) => path)).toEqual([])
  })

  test('touches the process only in main.ts', () => {
    const touching = files.filter(({ text }) =>
      /\bprocess\.(env|exit|on|argv|stdout|stderr)\b/.test(text),
    )

    expect(touching.map(({ path }) => path)).toEqual([`${folder}/src/main.ts`])
  })
})

test('only job-channel knows the names of the channel', () => {
  const names = /outcome:\$|'reports'|channel\.(enqueue|cancel)|'outcomes'/
  const knowing = ['apps', 'packages']
    .flatMap(filesBelow)
    .filter((file) => !isTest(file) && names.test(file.text))
    .map(({ path }) => path)

  expect(knowing.filter((path) => !path.startsWith('packages/job-channel/'))).toEqual([])
})

test('only a task meets both a contract and a vendor', () => {
  const meeting = filesBelow('apps/worker/src')
    .filter(({ text }) => /jobs\.\w+/.test(text) && /vendors\.\w+/.test(text))
    .map(({ path }) => path)

  expect(meeting.filter((path) => !path.startsWith('apps/worker/src/tasks/'))).toEqual([])
})

test('a file is no longer than a reader can hold', () => {
  const long = files
    .filter((file) => !isTest(file) && !file.path.includes('/texts/'))
    .filter(({ text }) => text.split('\n').length > 250)

  expect(long.map(({ path }) => path)).toEqual([])
})
