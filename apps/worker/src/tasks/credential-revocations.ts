import { jobs } from '@anteroom/job-contracts'
import { CredentialError } from '../credentials/credential-error.ts'
import { defineTask } from '../define-task.ts'

export const credentialRevocations = defineTask(
  jobs.credentialRevocations,
  [],
  async ({ numbers }, { credentials }) => {
    if (!credentials) throw new CredentialError('CREDENTIALS_NOT_SET_UP')
    const { issuer, signer, table } = credentials
    const { at, rids, unknown } = await table.revoke(numbers)
    const list = await signer.signRevocations({ iss: issuer, iat: at, rids: [...rids] })
    return { list, unknown: [...unknown] }
  },
)
