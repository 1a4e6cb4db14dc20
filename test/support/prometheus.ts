import { randomBytes } from 'node:crypto'
import { accessSync, constants } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fetchDebianPackage, hasDebianPackages } from '@anteroom/infra/local/debian.ts'
import { freePort } from '@anteroom/infra/local/ports.ts'
import { startServerProcess } from '@anteroom/infra/local/processes.ts'
import { z } from 'zod'
import { cacheDirectory, localDirectory } from './root.ts'

/** Where Prometheus's programs are: on the PATH, or from Debian's package, which is not installed. Undefined where there is neither. */
export async function findPrometheus(): Promise<string | undefined> {
  const onPath = (process.env.PATH ?? '').split(delimiter).find((folder) => {
    try {
      accessSync(join(folder, 'promtool'), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
  if (onPath !== undefined) return onPath
  if (!hasDebianPackages()) return undefined
  const found = await fetchDebianPackage('prometheus', join(cacheDirectory, 'debian-prometheus'))
  return join(found.root, 'usr/bin')
}

export interface PrometheusOptions {
  /** The folder that {@link findPrometheus} found. */
  readonly programs: string
  /** A file of rules, as text. */
  readonly rules: string
  /** By the name of the job: hosts with ports, which need not answer. */
  readonly targets: Readonly<Record<string, readonly string[]>>
}

/** A Prometheus of its own that looks once a second. */
export interface Prometheus {
  /** Alerts that fire now, each name once. */
  firing(): Promise<string[]>
  /** Alerts that fire now or did before. */
  fired(): Promise<string[]>
  stop(): Promise<void>
}

const found = z.object({
  data: z.object({ result: z.array(z.object({ metric: z.object({ alertname: z.string() }) })) }),
})

export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const directory = join(localDirectory, 'test', `prometheus-${randomBytes(6).toString('hex')}`)
  await mkdir(directory, { recursive: true })
  const configFile = join(directory, 'prometheus.json')
  await writeFile(join(directory, 'rules.yaml'), options.rules)
  // JSON is YAML too.
  await writeFile(configFile, JSON.stringify(configOf(options.targets)))
  const port = await freePort()
  const server = await startServerProcess({
    title: 'Prometheus',
    command: join(options.programs, 'prometheus'),
    args: [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    readyText: 'Server is ready to receive web requests',
    stopSignal: 'SIGTERM',
  })
  const url = `http://127.0.0.1:${port}`
  return {
    firing: () => alertsIn(url, 'ALERTS{alertstate="firing"}'),
    fired: () => alertsIn(url, 'max_over_time(ALERTS{alertstate="firing"}[1h])'),
    async stop() {
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** The names of what Prometheus itself keeps of its alerts. */
async function alertsIn(url: string, query: string): Promise<string[]> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`)
  const { result } = found.parse(await response.json()).data
  return [...new Set(result.map(({ metric }) => metric.alertname))].sort()
}

function configOf(targets: PrometheusOptions['targets']): object {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yaml'],
    scrape_configs: Object.entries(targets).map(([job, hosts]) => ({
      job_name: job,
      static_configs: [{ targets: hosts }],
    })),
  }
}
