import { parser } from '@prometheus-io/lezer-promql'

/** What an expression of Prometheus's asks of one metric. */
export interface AskedMetric {
  readonly name: string
  /** By which its series are picked. */
  readonly labels: readonly string[]
}

export interface Expression {
  readonly metrics: readonly AskedMetric[]
  /** By which series are put together. */
  readonly groupedBy: readonly string[]
  readonly isWhole: boolean
}

export function readExpression(text: string): Expression {
  const metrics: { name: string; labels: string[] }[] = []
  const groupedBy: string[] = []
  let isWhole = true
  parser.parse(text).iterate({
    enter(node) {
      const { name, from, to, type } = node
      const words = text.slice(from, to)
      if (type.isError) isWhole = false
      else if (name === 'Identifier') metrics.push({ name: words, labels: [] })
      else if (name === 'LabelName' && node.matchContext(['GroupingLabels'])) groupedBy.push(words)
      else if (name === 'LabelName') metrics.at(-1)?.labels.push(words)
    },
  })
  return { metrics, groupedBy, isWhole }
}
