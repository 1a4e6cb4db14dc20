import { setPriority } from 'node:os'
import { issueCertificates } from '@anteroom/infra/local/certificates.ts'
import { startProxy } from '@anteroom/infra/local/proxy.ts'
import type { Arrival, RegistryBehaviour } from '@anteroom/infra/sandbox/registry/registry.ts'
import { startSandboxVendors, vendorHosts } from '@anteroom/infra/sandbox/vendors.ts'
import { serve } from '../../bench/harness/serve.ts'

/**
 * The registry and the proxy before it, in a process of their own: its clock says when a call came, so it must
 * not wait for a turn behind what only watches.
 */

// Those of the stack, which are kept there.
const certificates = await issueCertificates(process.env.RUSH_CERTIFICATES ?? '', vendorHosts)
const vendors = await startSandboxVendors({
  port: 0,
  certificates,
  token: process.env.RUSH_VENDOR_TOKEN ?? '',
})
const here = { host: '127.0.0.1', port: vendors.port }
const proxy = await startProxy({
  port: 0,
  credentials: { username: 'worker', password: process.env.RUSH_PROXY_PASSWORD ?? '' },
  allow: Object.fromEntries(vendorHosts.map((name) => [name, here])),
})
try {
  setPriority(-10)
} catch {
  // Only a privileged user may; then it takes turns like all others.
}

const calls = {
  proxyUrl: () => proxy.url,
  change: (behaviour: Partial<RegistryBehaviour>) => vendors.registry.change(behaviour),
  behaviour: () => vendors.registry.behaviour(),
  arrivals: (): readonly Arrival[] => vendors.registry.arrivals(),
}

export type RegistryCalls = typeof calls

serve(calls, async () => {
  await proxy.stop()
  await vendors.stop()
})
