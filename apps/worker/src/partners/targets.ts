import { readFile } from 'node:fs/promises'
import type { Open } from '@anteroom/job-contracts'
import { authorizationName, type Receiver } from '@anteroom/security-events'
import type { PushTarget } from '@anteroom/vendor-clients'

/** Where a partner's `authorization` is sealed: nobody can give it to another partner. */
const authorizationSlot = (partner: string) => ({ name: authorizationName, id: partner })

/** Opens and reads what belongs to a target when it is first needed, and again until it succeeded. */
export function createTargets(openSetting: Open) {
  const targets = new Map<string, PushTarget>()
  return async (partner: string, receiver: Receiver): Promise<PushTarget> => {
    const target = targets.get(partner) ?? (await targetOf(partner, receiver, openSetting))
    targets.set(partner, target)
    return target
  }
}

async function targetOf(
  partner: string,
  receiver: Receiver,
  openSetting: Open,
): Promise<PushTarget> {
  const { url, authorization, timeout_ms: timeoutMs, ca_file: caFile } = receiver
  return {
    receiver: partner,
    url,
    timeoutMs,
    authorization: authorization && (await openSetting(authorizationSlot(partner), authorization)),
    ca: caFile && (await readFile(caFile, 'utf8')),
    clientCertificate: await clientCertificateOf(receiver),
  }
}

async function clientCertificateOf(receiver: Receiver): Promise<PushTarget['clientCertificate']> {
  const { client_certificate_file: certFile, client_key_file: keyFile } = receiver
  if (certFile === undefined || keyFile === undefined) return undefined
  return { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') }
}
