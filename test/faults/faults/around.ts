import { kmsKeyId } from '@anteroom/infra/local/policies.ts'
import { type Fault, outage } from './fault.ts'

export const none: Fault = {
  name: 'none',
  about: 'nothing goes wrong',
  pauseMs: [0, 0],
}

const withKms = {
  ANTEROOM_KEY_PROVIDER: 'kms',
  ANTEROOM_KMS_KEY_ID: kmsKeyId,
}

export const kms: Fault = {
  name: 'kms',
  about: 'KMS failing, unreachable or silent for 3 to 8 seconds',
  services: { worker: withKms, web: withKms },
  pauseMs: [6_000, 9_000],
  strike: async ({ stack }, random) => [
    await outage(
      async () => stack.kms.setCondition(random.pick(['failing', 'unreachable', 'silent'])),
      random.between(3_000, 8_000),
      async () => stack.kms.setCondition('up'),
    ),
  ],
}

export const proxyDown: Fault = {
  name: 'proxy-down',
  about: 'outbound proxy gone for 2 to 6 seconds',
  pauseMs: [5_000, 8_000],
  strike: async ({ workers }, random) => {
    const all = (kind: 'refuse' | 'clear') =>
      Promise.all(workers.map(({ paths }) => paths.outbound?.setWeather({ kind })))
    return [
      await outage(
        () => all('refuse'),
        random.between(2_000, 6_000),
        () => all('clear'),
      ),
    ]
  },
}

/** A vendor's silence is waited for no longer than this, so that a phase has an end. */
const impatient = {
  ANTEROOM_RESOLUTION_TIMEOUT_MS: '4000',
  ANTEROOM_STATE_ID_TIMEOUT_MS: '4000',
}

export const vendors: Fault = {
  name: 'vendors',
  about: 'half of the vendor replies are errors, silence, garbage, floods or drips',
  services: { worker: impatient },
  mix: 'troubled',
  pauseMs: [0, 0],
}

const importing = `--import=${new URL('../shift-clock.ts', import.meta.url).href}`

export const clockSkew: Fault = {
  name: 'clock-skew',
  about: 'one worker ten minutes fast, one ten minutes slow',
  services: { workerArguments: () => [importing] },
  pauseMs: [0, 0],
}
