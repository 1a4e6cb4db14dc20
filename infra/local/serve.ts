import { writeEnvironmentFiles } from './environment-files.ts'
import { cacheDirectory, dataDirectory } from './places.ts'
import { offsetFrom, portsAt } from './ports.ts'
import { readySampleConsumer } from './sample-consumer.ts'
import { sampleOperator, startStack } from './stack.ts'

/** What `compose.yaml` runs beside the images: the local stack by itself, until it is asked to stop. */

const directory = dataDirectory(process.env)
const stack = await startStack({
  directory,
  cacheDirectory,
  ports: portsAt(offsetFrom(process.env.PORT_OFFSET)),
  keys: 'kms',
  onStarted: (title, where) => console.log(`${title.padEnd(16)}  ${where}`),
})
const keyFile = await readySampleConsumer(stack, directory)
const environments = await writeEnvironmentFiles(stack, directory)
console.log(`key of the API     in ${keyFile}`)
console.log(`to the console     ${sampleOperator}, ${stack.secrets.consolePassword}`)
console.log('ready')

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stop())
}

async function stop(): Promise<void> {
  await environments.remove()
  await stack.stop()
  process.exit(0)
}
