import type { Panel, Row } from './panel.ts'
import { rows } from './panels.ts'

const width = 8
const height = 7
const perLine = 24 / width

/** The dashboard as Grafana imports it; its source of data is chosen on import. */
export function grafanaDashboard(): string {
  const dashboard = {
    __inputs: [{ name: 'DS', label: 'Prometheus', type: 'datasource', pluginId: 'prometheus' }],
    title: 'Anteroom',
    uid: 'anteroom',
    tags: ['anteroom'],
    timezone: 'browser',
    time: { from: 'now-3h', to: 'now' },
    refresh: '30s',
    schemaVersion: 39,
    panels: allPanels(),
  }
  return `${JSON.stringify(dashboard, null, 2)}\n`
}

function allPanels(): object[] {
  const panels: object[] = []
  let y = 0
  for (const { title, panels: inRow } of rows) {
    panels.push({ id: panels.length + 1, type: 'row', title, gridPos: { h: 1, w: 24, x: 0, y } })
    y += 1
    for (const [index, panel] of inRow.entries()) {
      const gridPos = {
        ...{ h: height, w: width },
        x: (index % perLine) * width,
        y: y + Math.floor(index / perLine) * height,
      }
      panels.push({ id: panels.length + 1, gridPos, ...timeSeries(panel) })
    }
    y += linesOf(inRow) * height
  }
  return panels
}

const linesOf = (panels: Row['panels']) => Math.ceil(panels.length / perLine)

function timeSeries({ title, description, unit, queries }: Panel): object {
  return {
    type: 'timeseries',
    title,
    description,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana fills it in
    datasource: { type: 'prometheus', uid: '${DS}' },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    targets: Object.entries(queries).map(([legendFormat, expr], index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      expr,
      legendFormat,
    })),
  }
}
