import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Proof } from '../checklists/row.ts'
import { checklist } from '../checklists/security-event-tokens.ts'
import { root } from '../support/root.ts'

/** How many rows each part of the checklist has. */
const parts = { SET: 15, PSH: 13, SID: 9, SSF: 38, RISC: 7, CAEP: 6, IOP: 8, POL: 5 }

test('the checklist of Security Event Tokens has every row once', () => {
  const ids = Object.entries(parts).flatMap(([part, count]) =>
    Array.from({ length: count }, (_, at) => `${part}-${at + 1}`),
  )

  expect(ids).toHaveLength(101)
  expect(checklist.map(({ id }) => id)).toEqual(ids)
})

test.each(checklist)('$id is proven by tests that are there, or says why not', (row) => {
  if ('because' in row) {
    expect(row.because.length).toBeGreaterThan(30)
    return
  }
  expect(row.proofs.length).toBeGreaterThan(0)
  expect(row.proofs.filter((proof) => !isThere(proof))).toEqual([])
})

/** A test runs by its title, so the title stands where a test is called. */
function isThere([file, title]: Proof): boolean {
  const path = join(root, file)
  if (!existsSync(path)) return false
  const text = readFileSync(path, 'utf8').replaceAll(/\(\s+/g, '(')
  return text.includes(`('${title}',`)
}
