import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { writeEnvironmentFiles } from './environment-files.ts'
import { cacheDirectory, dataDirectory, root } from './places.ts'
import { assertPortsFree, offsetFrom, type Ports, portsAt } from './ports.ts'
import { stopChild } from './processes.ts'
import { readySampleConsumer } from './sample-consumer.ts'
import { publicUrlAt } from './services.ts'
import { sampleOperator, startStack } from './stack.ts'
import { takeStackLock } from './stack-lock.ts'

/** `pnpm dev`: the whole system on this machine, until Ctrl-C. */

const directory = dataDirectory(process.env)
const startedAt = performance.now()
const stops: (() => Promise<unknown>)[] = []
let stopping: Promise<void> | undefined

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void stop().then(() => process.exit(0)))
}

try {
  await start()
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}\n`)
  await stop()
  process.exit(1)
}

async function start(): Promise<void> {
  assertNodeVersion()
  const ports = portsAt(offsetFrom(process.env.PORT_OFFSET))
  const lock = await takeStackLock(directory)
  stops.push(lock.release)
  await assertPortsFree(ports)
  tell('starting', `data in ${directory}`)

  const stack = await startStack({
    directory,
    cacheDirectory,
    ports,
    keys: process.env.KEYS === 'local' ? 'local' : 'kms',
    onStarted: (title, where, tookMs) => tell(title, where, tookMs),
  })
  stops.push(stack.stop)
  const environments = await writeEnvironmentFiles(stack, directory)
  stops.push(environments.remove)
  const keyFile = await readySampleConsumer(stack, directory)
  const apps = startApps()
  stops.push(() => stopChild(apps))
  const drawing = drawSpecimens(stack.addresses.specimensFolder)
  stops.push(() => stopChild(drawing))
  await Promise.race([untilReady(ports), failWhenEnded(apps)])
  apps.once('exit', () => void stop().then(() => process.exit(1)))
  tell('sample partner', `http://127.0.0.1:${ports.partner}`)
  tell('its events', `http://127.0.0.1:${ports.partner}/security-events`)
  tell('sandbox mailbox', stack.mail.pageUrl)
  tell('sandbox values', `${publicUrlAt(ports)}/sandbox`)
  tell('sample agency', stack.agency.url)
  tell('its API', `${publicUrlAt(ports)}/api, with the key in ${keyFile}`)
  tell('console', `http://127.0.0.1:${ports.workerInternal}/console`)
  tell('to sign in', `${sampleOperator}, ${stack.secrets.consolePassword}`)
  console.log(`ready  ${publicUrlAt(ports)}`)
}

function assertNodeVersion(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 24 || (major === 24 && minor < 11)) {
    throw new Error(`Anteroom needs Node 24.11 or newer; this is ${process.versions.node}`)
  }
}

function startApps(): ChildProcess {
  tell('apps', 'idp-web and worker, started again on every change')
  return spawn('turbo', ['run', 'dev', '--log-order=stream', '--output-logs=full'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, LOCAL_DIRECTORY: directory, TURBO_TELEMETRY_DISABLED: '1' },
    // Its own group: Ctrl-C comes here alone, and here things are stopped in order.
    detached: true,
  })
}

/** Takes a minute the first time, and nobody has to wait for it. */
function drawSpecimens(folder: string): ChildProcess {
  const script = join(root, 'infra/local/write-specimens.ts')
  return spawn(process.execPath, [script, folder], { stdio: ['ignore', 'ignore', 'inherit'] })
}

async function untilReady(ports: Ports): Promise<void> {
  const urls = [
    `http://127.0.0.1:${ports.webInternal}/readyz`,
    `http://127.0.0.1:${ports.workerInternal}/readyz`,
    publicUrlAt(ports),
  ]
  for (const url of urls) {
    while (!(await answers(url))) await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  )
}

function failWhenEnded(apps: ChildProcess): Promise<never> {
  return new Promise((_resolve, reject) => {
    apps.once('exit', () => reject(new Error('The apps ended before they were ready.')))
    apps.once('error', reject)
  })
}

function stop(): Promise<void> {
  stopping ??= (async () => {
    if (stops.length > 1) tell('stopping', 'everything, in reverse order')
    for (let step = stops.pop(); step; step = stops.pop()) await step().catch(() => undefined)
  })()
  return stopping
}

function tell(title: string, text: string, tookMs?: number): void {
  const at = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)
  const took = tookMs === undefined ? '' : `  (${Math.round(tookMs)} ms)`
  console.log(`${at} s  ${title.padEnd(16)}  ${text}${took}`)
}
