import {
  createAddressClient,
  createDocumentsClient,
  createMailClient,
  createRegistryClient,
  createResolutionClient,
  createStateIdClient,
  createVendorHttp,
  type OutboundAgent,
} from '@anteroom/vendor-clients'
import type { WorkerConfig } from './config.ts'
import type { Vendors } from './vendors.ts'

export function createVendors(config: WorkerConfig, agent: OutboundAgent): Vendors {
  return {
    ...documentsVendor(config, agent),
    ...registryVendor(config, agent),
    ...mailVendor(config, agent),
    resolution: {
      client: createResolutionClient(
        createVendorHttp({ baseUrl: config.resolutionUrl, token: config.resolutionToken, agent }),
      ),
      timeoutMs: config.resolutionTimeoutMs,
    },
    stateId: {
      client: createStateIdClient(
        createVendorHttp({ baseUrl: config.stateIdUrl, token: config.stateIdToken, agent }),
      ),
      timeoutMs: config.stateIdTimeoutMs,
    },
    address: {
      client: createAddressClient(
        createVendorHttp({ baseUrl: config.addressUrl, token: config.addressToken, agent }),
      ),
      timeoutMs: config.addressTimeoutMs,
    },
  }
}

function documentsVendor(config: WorkerConfig, agent: OutboundAgent): Pick<Vendors, 'documents'> {
  const { documentsUrl: baseUrl, documentsToken: token, documentsTimeoutMs: timeoutMs } = config
  if (baseUrl === undefined || token === undefined) return {}
  const client = createDocumentsClient(createVendorHttp({ baseUrl, token, agent }))
  return { documents: { client, timeoutMs } }
}

function registryVendor(config: WorkerConfig, agent: OutboundAgent): Pick<Vendors, 'registry'> {
  const { registryUrl: baseUrl, registryToken: token, registryTimeoutMs: timeoutMs } = config
  if (baseUrl === undefined || token === undefined) return {}
  const client = createRegistryClient(createVendorHttp({ baseUrl, token, agent }))
  return { registry: { client, timeoutMs } }
}

function mailVendor(config: WorkerConfig, agent: OutboundAgent): Pick<Vendors, 'mail'> {
  const { smtpUrl, mailFrom: from, mailTimeoutMs: timeoutMs } = config
  if (smtpUrl === undefined || from === undefined) return {}
  const [senderName = ''] = from.split(' <')
  return { mail: { client: createMailClient({ smtpUrl, from, agent }), timeoutMs, senderName } }
}
