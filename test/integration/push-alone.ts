import { createOutboundAgent, createPushClient, PushError } from '@anteroom/vendor-clients'

/** Pushes to one partner that answers and to many that do not, and tells on standard output what that took. */
const { proxyUrl, ca, attackers, timeoutMs } = JSON.parse(process.argv[2] ?? '')
const agent = createOutboundAgent({ proxyUrl, ca })
const client = createPushClient({
  agent,
  resolve: async (host) => [`93.184.217.${/\d+/.exec(host)?.[0]}`],
})
const { signal } = new AbortController()
const attacks: number[] = []
let acknowledged = 0

await round()
attacks.length = 0
acknowledged = 0
const before = heldBytes()
let most = before
const sampling = setInterval(() => {
  most = Math.max(most, heldBytes())
}, 200)

for (let times = 0; times < 3; times += 1) await round()

clearInterval(sampling)
client.close()
agent.close()
const grownBytes = most - before
const slowestAttackMs = Math.max(...attacks)
console.log(JSON.stringify({ attacked: attacks.length, acknowledged, slowestAttackMs, grownBytes }))

/** What is held in truth: when the collector comes by itself is a matter of the machine. */
function heldBytes(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function round(): Promise<void> {
  const attacked = Array.from({ length: attackers }, (_, index) => push(index + 1, timeoutMs))
  await push(0, 10_000)
  await Promise.all(attacked)
}

async function push(number: number, timeoutMs: number): Promise<void> {
  const startedAt = performance.now()
  const target = { receiver: `p-${number}`, url: `https://p${number}.receiver.example/`, timeoutMs }
  try {
    await client.push(target, 'a.b.c', { signal, traceparent: 'trace' })
    acknowledged += 1
  } catch (error) {
    if (!(error instanceof PushError)) throw error
    attacks.push(performance.now() - startedAt)
  }
}
