import { examples } from './openapi-examples.ts'

/** Commands and code of the reference page. */

const key = `-H "Authorization: Bearer $KEY"`

/** A command for each operation, by its id. */
export function commandsAt(server: string): Readonly<Record<string, string>> {
  const api = `${server}/api/transfers`
  const one = `${api}/${examples.Transfer.id}`
  return {
    createTransfer: `curl ${api} \\
  ${key} \\
  -H 'Content-Type: application/json' \\
  -H 'Idempotency-Key: permit-4711' \\
  -d '${JSON.stringify(examples.TransferRequest, null, 2)}'`,
    listTransfers: `curl '${api}?state=failed,waiting' \\
  ${key}`,
    showTransfer: `curl ${one} \\
  ${key} \\
  -H 'Prefer: wait=20'`,
    cancelTransfer: `curl -X POST ${one}/cancel \\
  ${key}`,
  }
}

/** How a webhook is verified, for Node; it has no dependencies. */
export const verifyWebhook = `import { createHmac, timingSafeEqual } from 'node:crypto'

// headers: of the request, their names in small letters.
// body: its bytes as they came, as text. Parse it afterwards.
// secret: whsec_…
export function isGenuine(headers, body, secret) {
  const id = headers['webhook-id']
  const at = headers['webhook-timestamp']
  if (!(Math.abs(Date.now() / 1000 - at) < 300)) return false
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const wanted = createHmac('sha256', key)
    .update(\`\${id}.\${at}.\${body}\`)
    .digest('base64')
  const right = Buffer.from(\`v1,\${wanted}\`)
  return (headers['webhook-signature'] ?? '').split(' ').some((one) => {
    const given = Buffer.from(one)
    return given.length === right.length && timingSafeEqual(given, right)
  })
}`
