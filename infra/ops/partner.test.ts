import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashSecret } from '@anteroom/idp-web/partners'
import { expect, onTestFinished, test } from 'vitest'
import { BadCommandError } from './command.ts'
import { parseCommand } from './parse-command.ts'
import { checkPartners, newPartner } from './partner.ts'

async function partnersFile(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'anteroom-ops-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'partners.yaml')
  writeFileSync(file, content)
  return file
}

function run(...line: string[]): string[] {
  const said: string[] = []
  const command = parseCommand(['partner', ...line], {})
  if (command.name === 'partner new') newPartner(command.partner, (text) => said.push(text))
  if (command.name === 'partner check') checkPartners(command.file, (text) => said.push(text))
  return said
}

const wanted = ['city-library', '--name', 'City Library', '--redirect-uri', 'https://l.example/cb']

test('what is printed of a new partner can be added as it is, and fits the secret that is shown', async () => {
  const [, block = '', , secret = ''] = run('new', ...wanted)

  const file = await partnersFile(`partners:\n${block.replace(/^/gm, '  ')}\n`)

  expect(run('check', file)).toEqual(['city-library  City Library  client_secret_basic  openid'])
  expect(block).toContain(hashSecret(secret.slice(2)))
  expect(block).not.toContain(secret.slice(2))
})

test('what is wrong with a file is said by place, and no value of it', async () => {
  const file = await partnersFile('partners:\n  - { id: a1, name: A, secret: hunter2 }\n')

  const said = run('check', file).join('\n')

  expect(said).toContain('partners.0')
  expect(said).not.toContain('hunter2')
})

test.each([
  [['new']],
  [['new', 'A B', ...wanted.slice(1)]],
  [['new', 'a1', '--name', 'A', '--redirect-uri', 'http://a.example/']],
  [['new', ...wanted, '--reason', 'lost']],
  [['delete', 'a1']],
])('%j is not understood', (line) => {
  expect(() => run(...line)).toThrow(BadCommandError)
})
