import { type CredentialClaims, paths } from '@anteroom/credential'
import { drawPaper } from './draw-paper.ts'
import { facesForOne } from './faces.ts'
import { drawDocument } from './paper-document.ts'
import { assertPrintable } from './shapes.ts'
import { createSheet } from './sheet.ts'
import { texts } from './texts.ts'

/** What is printed: what the token says, and the token. */
export interface Paper {
  readonly claims: CredentialClaims
  readonly token: string
}

/**
 * Prints credentials as PDF files of one page.
 *
 * @throws Error if the issuer's name has letters that cannot be printed
 */
export function createPrinter(issuerName: string): (paper: Paper) => Promise<Buffer> {
  assertPrintable(issuerName)
  return ({ claims, token }) => {
    const createdAt = new Date(claims.iat * 1000)
    const page = `${claims.iss}${paths.page}`
    const { host } = new URL(claims.iss)
    const printed = { claims, issuerName, page, host, url: `${page}#${token}` }
    const faces = facesForOne()
    return drawDocument({ title: texts.title, createdAt, faces }, (document, root) =>
      drawPaper(createSheet(document, root, faces), printed),
    )
  }
}
