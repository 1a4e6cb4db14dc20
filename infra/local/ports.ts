import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Every port of the local stack, by name. `PORT_OFFSET` shifts them all. */
const basePorts = {
  web: 3000,
  webInternal: 3001,
  workerInternal: 3011,
  s3: 3020,
  kms: 3021,
  proxy: 3022,
  sandbox: 3030,
  partner: 3033,
  partnerEvents: 3034,
  agency: 3035,
  agencyFiles: 3036,
  agencyGraph: 3037,
  agencySftp: 3038,
  mail: 3031,
  mailPage: 3032,
  postgres: 3040,
  redis: 3050,
} as const

const titles = {
  web: 'web',
  webInternal: 'web, internal',
  workerInternal: 'worker, internal',
  s3: 'S3',
  kms: 'KMS',
  proxy: 'outbound proxy',
  sandbox: 'sandbox vendors',
  partner: 'sample partner',
  partnerEvents: 'sample partner, security events',
  agency: 'sample agency',
  agencyFiles: 'sample agency, files and webhooks',
  agencyGraph: 'sample agency, Microsoft Graph',
  agencySftp: 'sample agency, SFTP',
  mail: 'sandbox mail server',
  mailPage: 'sandbox mailbox',
  postgres: 'Postgres',
  redis: 'Redis',
} satisfies Record<PortName, string>

export type PortName = keyof typeof basePorts
export type Ports = Readonly<Record<PortName, number>>

const lastPort = 65_535
const offsetStep = 100

/** The table of ports shifted by `offset`, a whole number that keeps every port below 65536. */
export function portsAt(offset: number): Ports {
  const largestOffset = lastPort - Math.max(...Object.values(basePorts))
  if (!Number.isInteger(offset) || offset < 0 || offset > largestOffset) {
    throw new Error(`PORT_OFFSET must be a whole number from 0 to ${largestOffset}`)
  }
  return {
    web: basePorts.web + offset,
    webInternal: basePorts.webInternal + offset,
    workerInternal: basePorts.workerInternal + offset,
    s3: basePorts.s3 + offset,
    kms: basePorts.kms + offset,
    proxy: basePorts.proxy + offset,
    sandbox: basePorts.sandbox + offset,
    partner: basePorts.partner + offset,
    partnerEvents: basePorts.partnerEvents + offset,
    agency: basePorts.agency + offset,
    agencyFiles: basePorts.agencyFiles + offset,
    agencyGraph: basePorts.agencyGraph + offset,
    agencySftp: basePorts.agencySftp + offset,
    mail: basePorts.mail + offset,
    mailPage: basePorts.mailPage + offset,
    postgres: basePorts.postgres + offset,
    redis: basePorts.redis + offset,
  }
}

/** `PORT_OFFSET` as it stands in the environment; absent or empty means 0. */
export function offsetFrom(text: string | undefined): number {
  if (text === undefined || text === '') return 0
  return /^\d+$/.test(text) ? Number(text) : Number.NaN
}

/** Throws one error that names every taken port, the service that wants it, and an offset that is free. */
export async function assertPortsFree(ports: Ports): Promise<void> {
  const taken = await takenAmong(ports)
  if (taken.length === 0) return

  const lines = taken.map((name) => `  ${ports[name]}  ${titles[name]}`)
  throw new Error(['These ports of 127.0.0.1 are taken:', ...lines, await advice(ports)].join('\n'))
}

/** Below those that a system takes for connections (32768 on Linux, 49152 elsewhere), which come and go. */
const freeFrom = { least: 10_000, most: 32_767 }

/**
 * A port that nobody listens on right now, taken at random: whoever else looks for one meanwhile, or connects to somewhere,
 * hardly comes upon the same.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(freeFrom.least, freeFrom.most + 1)
    if (await isFree(port)) return port
  }
}

async function takenAmong(ports: Ports): Promise<PortName[]> {
  const names = portNames()
  const free = await Promise.all(names.map((name) => isFree(ports[name])))
  return names.filter((_, index) => free[index] === false)
}

async function advice(ports: Ports): Promise<string> {
  const current = ports.web - basePorts.web
  for (let step = 1; step <= 20; step++) {
    const offset = current + step * offsetStep
    if ((await takenAmong(portsAt(offset))).length === 0) {
      return `Stop what uses them, or shift every port: PORT_OFFSET=${offset}`
    }
  }
  return 'Stop what uses them, or shift every port with PORT_OFFSET'
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => resolve(true))
    })
  })
}

function portNames(): PortName[] {
  // Object.keys forgets the names; basePorts is a constant of this file
  return Object.keys(basePorts) as PortName[]
}
