import type { Row } from '../harness/row.ts'
import { burst } from './burst.ts'
import { documents } from './documents.ts'
import { enqueue } from './enqueue.ts'
import { latency } from './latency.ts'
import { lineRow } from './line.ts'
import { pipeline } from './pipeline.ts'
import { reader } from './reader.ts'
import { scale } from './scale.ts'
import { securityEvents } from './security-events.ts'
import { stagesRow } from './stages.ts'
import { transfer } from './transfer.ts'
import { vendorWaits } from './vendor-waits.ts'
import { waitingPoll } from './waiting-poll.ts'

export const rows: readonly Row[] = [
  pipeline,
  stagesRow,
  latency,
  enqueue,
  vendorWaits(200),
  vendorWaits(1_000),
  scale,
  burst,
  waitingPoll,
  lineRow,
  documents,
  reader,
  securityEvents,
  transfer,
]
