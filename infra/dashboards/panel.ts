export interface Panel {
  readonly title: string
  /** What it tells, and when to worry. */
  readonly description: string
  readonly unit: 's' | 'short' | 'percentunit' | 'reqps' | 'bytes'
  /** By the name in the legend, which may show labels as `{{label}}`. */
  readonly queries: Readonly<Record<string, string>>
}

export interface Row {
  readonly title: string
  readonly panels: readonly Panel[]
}

/** Of a whole. */
export const share = (part: string, whole: string) => `${part} / ${whole}`

export const quantile = (q: number, metric: string, by: string) =>
  `histogram_quantile(${q}, sum by (${by}, le) (rate(${metric}_bucket[5m])))`
