import { type CredentialClaims, createCredentialSigner, momentsOf } from '@anteroom/credential'
import { afterEach, describe, expect, test } from 'vitest'
import { createPrinter } from '../../apps/worker/src/credentials/paper/make-paper.ts'
import { type OpenedPaper, openPaper } from '../support/paper.ts'
import { testSigningKey } from '../support/worker.ts'

const claims: CredentialClaims = {
  iss: 'https://id.example.gov',
  iat: Date.parse('2026-11-23T15:00:00Z') / 1000,
  ...momentsOf({ firstDay: '2026-11-23', lastDay: '2028-11-22' }),
  rid: 'AAECAwQFBgcICQoL',
  no: 'K7Q2-4821-9930',
  fn: 'Zephyrine',
  ln: 'Quackenbush',
  dob: '1971-02-28',
}
const issuerName = 'Commonwealth of Atlantis'
const print = createPrinter(issuerName)

const opened: OpenedPaper[] = []
afterEach(() => Promise.all(opened.splice(0).map((paper) => paper.close())))

async function paperOf(changes: Partial<CredentialClaims> = {}, printer = print) {
  const said = { ...claims, ...changes }
  const token = await (await createCredentialSigner(testSigningKey)).signCredential(said)
  const bytes = await printer({ claims: said, token })
  const paper = await openPaper(bytes)
  opened.push(paper)
  return { ...paper, bytes, token, url: `https://id.example.gov/v#${token}` }
}

interface Node {
  readonly role?: string
  readonly alt?: string
  readonly type?: string
  readonly children?: readonly Node[]
}

/** The roles of a structure tree, in the order in which they are read, and how deep each stands. */
function outline(node: Node, depth = 0): string[] {
  const own = node.role === undefined ? [] : [`${'  '.repeat(depth)}${node.role}`]
  return [...own, ...(node.children ?? []).flatMap((child) => outline(child, depth + 1))]
}

function allOf(node: Node): readonly Node[] {
  return [node, ...(node.children ?? []).flatMap(allOf)]
}

const names = {
  'of one letter each': ['X', 'Y'],
  'of sixty wide letters each': ['W'.repeat(60), 'M'.repeat(60)],
  'of sixty letters in words': ['Maria Magdalena '.repeat(3).trim(), 'von '.repeat(15).trim()],
  'with marks that have no letter of their own': ['Ng̃uyễn', 'X̂łőd'],
  'in Greek and Cyrillic': ['Ελένη', 'Петрова'],
  'in Arabic': ['محمد علي', 'الحسيني'],
  'in Hebrew': ['דָּוִד', 'בן גוריון'],
  'in two directions': ['محمد', 'Smith'],
} as const

describe('a paper', () => {
  test('says everything in the order in which it is to be read', async () => {
    const paper = await paperOf()

    const lines = await paper.lines()

    expect(lines.slice(0, 13)).toEqual([
      'Identity credential',
      'Issued by Commonwealth of Atlantis',
      'Name',
      'Zephyrine Quackenbush',
      'Date of birth',
      'February 28, 1971',
      'Credential number',
      'K7Q2-4821-9930',
      'Issued on',
      'November 23, 2026',
      'Valid until',
      'November 22, 2028',
      'Scan to check',
    ])
    expect(lines.join(' ')).toContain('Make sure that the page that opens is at id.example.gov.')
  })

  test('holds the whole token as text that can be taken out', async () => {
    const paper = await paperOf()

    const text = (await paper.lines()).join('').replaceAll(' ', '')

    expect(text.endsWith(paper.url)).toBe(true)
  })

  test('says before when it is not valid, if that is later than its issue', async () => {
    const paper = await paperOf(momentsOf({ firstDay: '2026-12-01', lastDay: '2028-11-22' }))

    const lines = await paper.lines()

    expect(lines.slice(8, 14)).toEqual([
      'Issued on',
      'November 23, 2026',
      'Not valid before',
      'December 1, 2026',
      'Valid until',
      'November 22, 2028',
    ])
  })

  test('is tagged, in U.S. English, and shows its title', async () => {
    const { document, bytes } = await paperOf()

    const [marks, { info, metadata }, preferences] = await Promise.all([
      document.getMarkInfo(),
      document.getMetadata(),
      document.getViewerPreferences(),
    ])

    expect(marks).toEqual(
      new Map([
        ['Marked', true],
        ['UserProperties', false],
        ['Suspects', false],
      ]),
    )
    expect(info).toMatchObject({ Language: 'en-US', Title: 'Identity credential' })
    expect(info).toMatchObject({ CreationDate: 'D:20261123150000Z' })
    expect(preferences?.get('DisplayDocTitle')).toBe(true)
    expect(metadata?.get('dc:title')).toBe('Identity credential')
    expect(bytes.toString('latin1')).toContain('<pdfuaid:part>1</pdfuaid:part>')
    expect(document.numPages).toBe(1)
  })

  test('has a heading, a table of labels and values, a picture with words for it, and steps', async () => {
    const { document } = await paperOf()

    const tree = await (await document.getPage(1)).getStructTree()

    const row = ['    TR', '      TH', '      TD']
    const item = ['    LI', '      Lbl', '      LBody']
    expect(outline(tree as Node)).toEqual([
      'Root',
      '  Document',
      ...['H1', 'P', 'Table'].map((role) => `    ${role}`),
      ...Array.from({ length: 5 }, () => row.map((role) => `  ${role}`)).flat(),
      ...['Figure', 'P', 'H2', 'L'].map((role) => `    ${role}`),
      ...Array.from({ length: 3 }, () => item.map((role) => `  ${role}`)).flat(),
      ...['P', 'H2', 'P', 'Link'].map((role) => `    ${role}`),
    ])
    const figure = allOf(tree as Node).find(({ role }) => role === 'Figure')
    expect(figure?.alt).toContain('opens the page at id.example.gov')
  })

  test('leads by a link to what its code says', async () => {
    const { document, url } = await paperOf()

    const [link] = await (await document.getPage(1)).getAnnotations()

    expect(link).toMatchObject({ subtype: 'Link', url })
  })

  test('embeds every font', async () => {
    const { bytes } = await paperOf()

    const text = bytes.toString('latin1')

    expect(text.match(/\/Type \/FontDescriptor/g)).toHaveLength(2)
    expect(text.match(/\/FontFile2 /g)).toHaveLength(2)
    expect(text).not.toContain('Helvetica')
  })

  test('is the same file whenever the same token is printed', async () => {
    const said = { claims, token: 'a.b.c' }

    const [first, second] = [await print(said), await print(said)]

    expect(second.equals(first)).toBe(true)
  })

  test('does not depend on who was printed before', async () => {
    // The double grave is a part of the first name's letter, and stands alone in the second.
    await paperOf({ fn: 'ȁ', ln: 'Jones' })

    const lines = await (await paperOf({ fn: 'Q̏', ln: 'Jones' })).lines()

    expect(lines[3]).toBe('Q̏ Jones')
  })
})

describe('its code', () => {
  test.each([100, 150, 300])('is read from a picture of %i dots per inch', async (dotsPerInch) => {
    const paper = await paperOf()

    expect(await paper.scan(dotsPerInch)).toEqual([paper.url])
  })

  test('is wider than 45 mm', async () => {
    const paper = await paperOf()

    const [code] = await paper.codes(100)

    expect((code?.width ?? 0) / (100 / 25.4)).toBeGreaterThan(45)
  })

  test('is read however long the name is', async () => {
    const paper = await paperOf({ fn: '漢'.repeat(60), ln: '字'.repeat(60) })

    expect(await paper.scan(200)).toEqual([paper.url])
    expect(paper.bytes.length).toBeLessThan(40_960)
  })
})

describe('a name', () => {
  test.each(Object.entries(names))('%s is printed whole', async (_what, [fn, ln]) => {
    const paper = await paperOf({ fn, ln })

    const lines = await paper.lines()
    const printed = lines.slice(3, lines.indexOf('Date of birth')).join('')

    expect(sameLetters(printed)).toBe(sameLetters(`${fn}${ln}`))
    expect(await paper.scan()).toEqual([paper.url])
    expect(paper.bytes.length).toBeLessThan(40_960)
  })

  test.each([
    ['in Chinese', '王', '小明'],
    ['in Thai', 'สมชาย', 'Jones'],
    ['of which a single letter is missing', 'Zoë', 'Jones 𐍈'],
  ])('%s gives way to a sentence that says so, and stays in the code', async (_what, fn, ln) => {
    const paper = await paperOf({ fn, ln })

    const lines = await paper.lines()

    expect(lines.slice(3, lines.indexOf('Date of birth')).join('')).toContain(
      'This name has letters that this page cannot show.',
    )
    expect(lines.join(' ')).not.toContain('Jones')
    expect(await paper.scan()).toEqual([paper.url])
  })
})

test('an issuer with a long name is printed whole, above the name of the person', async () => {
  const issuer = 'Office of Vital Records of the Commonwealth of Atlantis and its Outlying Islands'

  const lines = await (await paperOf({}, createPrinter(issuer))).lines()

  expect(sameLetters(lines.slice(1, lines.indexOf('Name')).join(''))).toBe(
    sameLetters(`Issued by ${issuer}`),
  )
})

test('an issuer whose name cannot be printed is refused at once', () => {
  expect(() => createPrinter('発行者')).toThrow()
})

/** Letters alone, composed: spaces and the forms in which letters join are the page's. */
function sameLetters(text: string): string {
  return text.normalize('NFKC').replace(/\s/g, '')
}
