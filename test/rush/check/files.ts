import { signingKeyFrom } from '@anteroom/credential'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { checkToken } from '../../support/check-token.ts'
import { openPaper } from '../../support/paper.ts'

/** Scans each file as a picture and checks what its code says. Returns the numbers that our key has signed. */
export async function checkFiles(
  { secrets }: LocalStack,
  files: readonly string[],
): Promise<string[]> {
  const key = signingKeyFrom(Buffer.from(secrets.credentialSigning, 'base64url'))
  if (!key) throw new Error('The stack has no key that signs credentials')
  const numbers: string[] = []
  for (const file of files) {
    const paper = await openPaper(Buffer.from(file, 'base64'))
    const [text = ''] = await paper.scan()
    await paper.close()
    const checked = await checkToken(text.replace(/^.*#/, ''), [key])
    if (checked) numbers.push(String(checked.claims.no))
  }
  return numbers
}
