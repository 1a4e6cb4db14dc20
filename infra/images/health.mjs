// What a container's HEALTHCHECK asks: whether the process in it still answers. Not whether it is ready: a database that
// is away for a minute is no reason to start it again.
const { ANTEROOM_INTERNAL_PORT } = process.env
const answers = await fetch(`http://127.0.0.1:${ANTEROOM_INTERNAL_PORT}/livez`, {
  signal: AbortSignal.timeout(4_000),
}).then(
  ({ ok }) => ok,
  () => false,
)
process.exit(answers ? 0 : 1)
