import { randomBytes } from 'node:crypto'
import { issueCertificates } from '@anteroom/infra/local/certificates.ts'
import { type LocalProxy, startProxy } from '@anteroom/infra/local/proxy.ts'
import {
  type SandboxVendors,
  startSandboxVendors,
  vendorHosts,
} from '@anteroom/infra/sandbox/vendors.ts'
import {
  type CallOptions,
  createAddressClient,
  createOutboundAgent,
  createRegistryClient,
  createResolutionClient,
  createStateIdClient,
  createVendorHttp,
  VendorError,
} from '@anteroom/vendor-clients'
import { afterAll } from 'vitest'
import { scratchDirectory } from './local-scratch.ts'

export const token = 'vendor-token-for-tests'

export const applicant = {
  firstName: 'Maria',
  lastName: 'Okafor-Testmark',
  dateOfBirth: '1986-04-12',
  ssn: '900123456',
  address1: '100 Example Street',
  city: 'Seattle',
  state: 'WA',
  zipCode: '98109',
  stateIdNumber: 'WDLABCD456DG',
  stateIdJurisdiction: 'WA',
  phone: '+17035551234',
}

export type Applicant = typeof applicant

const credentials = { username: 'worker', password: 'p@ss:/word' }

export interface VendorStack {
  readonly ca: string
  readonly certificates: { readonly cert: string; readonly key: string }
  readonly proxy: LocalProxy
  readonly vendors: SandboxVendors
}

/** The real proxy before the real sandbox vendors. Both stop with the test file. */
export async function startVendorStack(): Promise<VendorStack> {
  const certificates = await issueCertificates(await scratchDirectory(), vendorHosts)
  const vendors = await startSandboxVendors({ port: 0, certificates, token })
  const proxy = await startProxyTo(vendors.port)
  afterAll(async () => {
    await proxy.stop()
    await vendors.stop()
  })
  return { ca: certificates.ca, certificates, proxy, vendors }
}

/** A proxy that leads every vendor's name to one local port. */
export function startProxyTo(port: number): Promise<LocalProxy> {
  const allow = Object.fromEntries(vendorHosts.map((name) => [name, { host: '127.0.0.1', port }]))
  return startProxy({ port: 0, credentials, allow })
}

export interface Way {
  readonly proxyUrl: string
  readonly ca?: string
  readonly token?: string
  readonly host?: string
}

/** All clients but that of documents over one agent, which is closed with the test file. */
export function createClients({ proxyUrl, ca, token: bearer = token, host }: Way) {
  const agent = createOutboundAgent({ proxyUrl, ...(ca === undefined ? {} : { ca }) })
  afterAll(() => agent.close())
  const http = (vendor: string) =>
    createVendorHttp({
      baseUrl: `https://${host ?? `${vendor}.vendors.test`}`,
      token: bearer,
      agent,
    })
  return {
    resolution: createResolutionClient(http('resolution')),
    'state-id': createStateIdClient(http('state-id')),
    address: createAddressClient(http('address')),
    registry: createRegistryClient(http('registry')),
  }
}

export function callOptions(changes: Partial<CallOptions> = {}): CallOptions {
  return {
    signal: new AbortController().signal,
    idempotencyKey: randomBytes(32).toString('base64url'),
    traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`,
    timeoutMs: 5_000,
    ...changes,
  }
}

/** The error of a call that must fail. */
export async function failureOf(calling: Promise<unknown>): Promise<VendorError> {
  const error = await calling.then(
    () => new Error('The call was answered'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof VendorError) return error
  throw error
}
