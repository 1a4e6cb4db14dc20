import { cpuUs } from './meter.ts'

/** The end of one stage of one job. */
export interface StageMark {
  readonly jobId: string
  readonly stage: string
  /** hrtime: the same clock in all processes of a machine. */
  readonly atNs: number
  /** What this process has used since the mark before. */
  readonly cpuUs: number
}

/** Notes when stages end. CPU time is that of the whole process, so it tells of a stage only while one job runs at a time. */
export function createStageClock(): {
  mark(jobId: string, stage: string): void
  take(): StageMark[]
} {
  let marks: StageMark[] = []
  let cpuBefore = cpuUs()
  return {
    mark(jobId, stage) {
      const cpuNow = cpuUs()
      const atNs = Number(process.hrtime.bigint())
      marks.push({ jobId, stage, atNs, cpuUs: cpuNow - cpuBefore })
      cpuBefore = cpuNow
    },
    take() {
      const taken = marks
      marks = []
      return taken
    },
  }
}
