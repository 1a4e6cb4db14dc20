import { expect, test } from 'vitest'
import { transferFileName } from './transfers.ts'

test('a name is refused at once, however long and whatever it is made of', () => {
  const endless = `${'_vti_.'.repeat(40_000)}\n.`
  const begun = performance.now()

  expect(transferFileName.safeParse(endless).success).toBe(false)
  expect(performance.now() - begun).toBeLessThan(500)
})
