import { readFileSync } from 'node:fs'
import { postgresCpuUs } from '../../bench/harness/postgres-cpu.ts'
import { tickUs, timesOf } from '../../bench/harness/process-times.ts'
import type { RushBed } from './bed.ts'

/** What a process has used since it started, or was started again; members are absent where the system does not tell. */
export interface ProcessFigures {
  readonly name: string
  readonly cpuMs?: number
  readonly peakMb?: number
}

export async function readProcesses(bed: RushBed): Promise<ProcessFigures[]> {
  const sides = await Promise.all([
    figuresOfSide('the people', bed.crowd),
    figuresOfSide('the bare server', bed.bare),
    figuresOfSide('registry and proxy', bed.registry),
  ])
  const postgresUs = postgresCpuUs(bed.stack.postgres.dataDirectory)
  return [
    ...bed.webs.map((web, at) => figuresOf(`web ${at + 1}`, web.pid())),
    ...bed.workers.map((worker, at) => figuresOf(`worker ${at + 1}`, worker.pid())),
    { name: 'Postgres', ...(postgresUs !== undefined && { cpuMs: postgresUs / 1000 }) },
    await redisFigures(bed),
    ...sides,
  ]
}

/** What was used between two readings; the peaks are the later ones. */
export function usedBetween(
  before: readonly ProcessFigures[],
  after: readonly ProcessFigures[],
): ProcessFigures[] {
  return after.map((figures, at) => {
    const { cpuMs } = figures
    const cpuBefore = before[at]?.cpuMs
    if (cpuMs === undefined || cpuBefore === undefined) return figures
    return { ...figures, cpuMs: cpuMs - cpuBefore }
  })
}

async function figuresOfSide(
  name: string,
  side: Pick<RushBed['crowd'], 'usage'>,
): Promise<ProcessFigures> {
  const { cpuUs, peakMemoryMb } = await side.usage()
  return { name, cpuMs: cpuUs / 1000, peakMb: peakMemoryMb }
}

function figuresOf(name: string, pid: number): ProcessFigures {
  const times = timesOf(pid)
  const peakKb = peakKbOf(pid)
  return {
    name,
    ...(times && { cpuMs: (times.ownTicks * tickUs) / 1000 }),
    ...(peakKb !== undefined && { peakMb: peakKb / 1024 }),
  }
}

/** From proc_pid_status(5): the most that was ever resident. */
function peakKbOf(pid: number): number | undefined {
  try {
    const [, kb] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kb === undefined ? undefined : Number(kb)
  } catch {
    return undefined
  }
}

async function redisFigures({ redis }: RushBed): Promise<ProcessFigures> {
  const info = await redis.info()
  const read = (field: string) => Number(new RegExp(`^${field}:([\\d.]+)`, 'm').exec(info)?.[1])
  return {
    name: 'Redis',
    cpuMs: (read('used_cpu_user') + read('used_cpu_sys')) * 1000,
    peakMb: read('used_memory_peak') / 2 ** 20,
  }
}
