import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type MetricDefinition, metricDefinitions } from './metric-definitions.ts'

export interface Metrics {
  /** Adds one measure to a histogram, in the unit its name ends with. */
  observe<N extends NameOf<'histogram'>>(name: N, labels: LabelsOf<N>, value: number): void
  increment<N extends NameOf<'counter'>>(name: N, labels: LabelsOf<N>, by?: number): void
  set<N extends NameOf<'gauge'>>(name: N, labels: LabelsOf<N>, value: number): void
  /** What `/metrics` answers, in the type of `contentType`. */
  text(): Promise<string>
  readonly contentType: string
}

/** The metrics of `metricDefinitions` and those of the process, each labelled with the service. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  const { histograms, counters, gauges } = register(registry)
  return {
    observe: (name, labels, value) => histograms.get(name)?.observe(labels, value),
    increment: (name, labels, by = 1) => counters.get(name)?.inc(labels, by),
    set: (name, labels, value) => gauges.get(name)?.set(labels, value),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

type Definitions = typeof metricDefinitions

type NameOf<T extends MetricDefinition['type']> = {
  [N in keyof Definitions]: Definitions[N]['type'] extends T ? N : never
}[keyof Definitions]

type LabelNames<N extends keyof Definitions> = Definitions[N]['labels'][number]

/** Exactly the metric's labels. `Record<never, string>` would take any object at all. */
type LabelsOf<N extends keyof Definitions> = [LabelNames<N>] extends [never]
  ? Readonly<Record<string, never>>
  : Readonly<Record<LabelNames<N>, string>>

function register(registry: Registry) {
  const histograms = new Map<string, Histogram>()
  const counters = new Map<string, Counter>()
  const gauges = new Map<string, Gauge>()
  const definitions: readonly (readonly [string, MetricDefinition])[] =
    Object.entries(metricDefinitions)
  for (const [name, { type, help, labels, buckets = [] }] of definitions) {
    const common = { name, help, labelNames: [...labels], registers: [registry] }
    switch (type) {
      case 'histogram':
        histograms.set(name, new Histogram({ ...common, buckets: [...buckets] }))
        break
      case 'counter':
        counters.set(name, new Counter(common))
        break
      case 'gauge':
        gauges.set(name, new Gauge(common))
        break
    }
  }
  return { histograms, counters, gauges }
}
