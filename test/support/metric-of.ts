import type { Metrics } from '@anteroom/runtime'

/** What a metric says now, of the series that has these labels; 0 if there is none. */
export async function metricOf(
  metrics: Metrics,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  const series = (await metrics.text())
    .split('\n')
    .find((line) => /^\w+/.exec(line)?.[0] === name && wanted.every((it) => line.includes(it)))
  return Number(series?.split(' ').at(-1) ?? 0)
}
