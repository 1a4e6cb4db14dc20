/** What stands on the paper. */
export const texts = {
  title: 'Identity credential',
  name: 'Name',
  dateOfBirth: 'Date of birth',
  issuedBy: (issuer: string) => `Issued by ${issuer}`,
  issued: 'Issued on',
  validFrom: 'Not valid before',
  validUntil: 'Valid until',
  number: 'Credential number',
  unwritableName:
    'This name has letters that this page cannot show. Scan the code to read the name.',
  codeAlt: (host: string) =>
    `QR code with this credential as signed text. It opens the page at ${host} that checks it.`,
  codeCaption: 'Scan to check',
  howToCheck: 'How to check this credential',
  steps: (host: string) => [
    'Scan the code with the camera of a phone. Nothing has to be installed.',
    `Make sure that the page that opens is at ${host}. It says if the credential is valid.`,
    'Compare the name and the date of birth on that page with a photo ID of the person.',
  ],
  onlyTheCheckCounts:
    'This page alone proves nothing: anybody can print one. Only the check counts.',
  withoutCamera: 'Without a camera',
  enterText: (page: string) => `Open ${page} and enter the text below. It is what the code holds.`,
  linkTitle: 'Check this credential',
} as const

/** `February 28, 1971` for `1971-02-28`. */
export function inWords(day: string): string {
  return format.format(new Date(`${day}T00:00:00Z`))
}

const format = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' })
