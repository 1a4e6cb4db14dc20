import { afterAll, expect, test } from 'vitest'
import { createDocumentVisitor, readLicense } from '../support/document-visitor.ts'
import { startDocumentWeb } from '../support/document-web.ts'
import { newAccount, signInAs } from '../support/signed-in.ts'

const site = await startDocumentWeb({ ANTEROOM_ACCOUNTS: 'optional' })
const { web } = site
afterAll(() => site.stop())

test('an account says that a document was read, of which kind, and who read it, and nothing that stands on it', async () => {
  const person = createDocumentVisitor(site)
  const owned = await newAccount(web)
  await signInAs(web, person, { accountId: owned.id })

  await person.reachRead({ ...readLicense, reference: 'd-1' })
  await person.confirm()
  await person.get('/verify/details')
  await person.post('/verify/details', { ...readLicense.document.address, ssn: '900-12-3456' })
  await person.get('/verify/check')
  await person.post('/verify/check')
  await site.answer({ done: { verified: true, references: { resolution: 'r-1' } } })
  await person.get('/verify/wait')
  await person.get('/verify/phone')
  await person.post('/verify/phone', { phone: '(703) 555-0142' })
  await site.answer({ done: { verified: true, references: { address: 'a-1' } } })
  await person.get('/verify/wait')

  const account = await web.deps.accounts.read(owned.id)
  expect(account?.proofing).toEqual({
    at: expect.any(Number),
    documentType: 'drivers-license',
    checks: [
      { check: 'document-proofing', reference: 'd-1' },
      { check: 'resolution-proofing', reference: 'r-1' },
      { check: 'address-proofing', reference: 'a-1' },
    ],
  })
  const { rows } = await web.database.pool('admin').query('select * from web.accounts')
  expect(JSON.stringify(rows)).not.toMatch(/OKAFOR|WDLABCD|1986|900-?12/i)
})
