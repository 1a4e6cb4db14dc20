export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** Their values come from short closed lists: every combination is kept in memory for ever. */
  readonly labels: readonly string[]
  readonly buckets?: readonly number[]
}

const pageSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const jobSeconds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 60]
const delaySeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const lineSeconds = [1, 5, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 5_400, 7_200, 14_400]
const ratios = [0.25, 0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 4]

/** Every metric of ours. `check` and `task` are job names, `outcome` and `state` the words of an outcome. */
export const metricDefinitions = {
  http_request_duration_seconds: {
    type: 'histogram',
    help: 'Time to answer a request, by the route it matched',
    labels: ['route', 'method', 'code'],
    buckets: pageSeconds,
  },
  worker_job_duration_seconds: {
    type: 'histogram',
    help: 'Time from the start of an attempt to its outcome',
    labels: ['task', 'outcome'],
    buckets: jobSeconds,
  },
  worker_queue_delay_seconds: {
    type: 'histogram',
    help: 'Time from when a job could start to when it did',
    labels: ['task'],
    buckets: delaySeconds,
  },
  worker_jobs_in_flight: {
    type: 'gauge',
    help: 'Attempts running now',
    labels: ['task'],
  },
  queue_jobs: {
    type: 'gauge',
    help: 'Jobs in the queue, which every worker tells the same of: ready to start, running, or scheduled for later',
    labels: ['task', 'state'],
  },
  queue_oldest_seconds: {
    type: 'gauge',
    help: 'For how long the oldest job could have started that nobody has taken; every worker tells the same',
    labels: ['task'],
  },
  proofing_vendor_duration_seconds: {
    type: 'histogram',
    help: 'Time of one call to a vendor',
    labels: ['vendor', 'outcome'],
    buckets: jobSeconds,
  },
  vendor_moments_total: {
    type: 'counter',
    help: 'Moments in which a vendor with a quota could be called, used or missed because the call came too late',
    labels: ['vendor', 'outcome'],
  },
  partner_push_duration_seconds: {
    type: 'histogram',
    help: 'Time of one push of a security event to a partner',
    labels: ['partner', 'outcome'],
    buckets: jobSeconds,
  },
  dead_letters_total: {
    type: 'counter',
    help: 'Jobs that failed and are kept for an operator',
    labels: ['task'],
  },
  dead_letters_kept: {
    type: 'gauge',
    help: 'Jobs that failed and wait for an operator to queue them again or throw them away; every worker tells the same',
    labels: ['task'],
  },
  document_reader_duration_seconds: {
    type: 'histogram',
    help: 'Time in which our own reader read a document, waiting for a free thread included',
    labels: ['outcome'],
    buckets: jobSeconds,
  },
  document_memory_bytes: {
    type: 'gauge',
    help: 'Memory that jobs hold for images now',
    labels: [],
  },
  proofing_wait_seconds: {
    type: 'histogram',
    help: 'Time a person waited, from submit to the answer shown',
    labels: ['check'],
    buckets: jobSeconds,
  },
  proofing_result_total: {
    type: 'counter',
    help: 'Answers shown to people',
    labels: ['check', 'outcome'],
  },
  proofing_timeout_total: {
    type: 'counter',
    help: 'Checks that took longer than their deadline',
    labels: [],
  },
  reports_applied_total: {
    type: 'counter',
    help: 'Reports of the worker that the web applied to its records',
    labels: ['state'],
  },
  line_people: {
    type: 'gauge',
    help: 'People in the line for a credential, told by the process that keeps it, 0 by others: waiting, called, or parked',
    labels: ['state'],
  },
  line_moves_total: {
    type: 'counter',
    help: 'What happened to places in the line: joined, called, put-back, parked, returned, left, issued, failed, lapsed, moved',
    labels: ['move'],
  },
  line_refused_total: {
    type: 'counter',
    help: 'People who could not join the line: full, closed, limited, busy-elsewhere',
    labels: ['why'],
  },
  line_wait_seconds: {
    type: 'histogram',
    help: 'Time from joining the line to being called for the first time',
    labels: [],
    buckets: lineSeconds,
  },
  line_estimate_error_ratio: {
    type: 'histogram',
    help: 'Real wait, divided by the wait that was estimated at joining, of people who were there all the time',
    labels: [],
    buckets: ratios,
  },
  vendor_quota_calls_per_second: {
    type: 'gauge',
    help: 'How often a vendor with a quota may be called',
    labels: ['vendor'],
  },
  vendor_turn_wait_seconds: {
    type: 'histogram',
    help: 'Time a job that has begun waits for its moment at a vendor with a quota',
    labels: ['vendor'],
    buckets: delaySeconds,
  },
  vendor_pauses_total: {
    type: 'counter',
    help: 'Times that a vendor with a quota asked for a pause, or an operator ordered one: vendor, operator',
    labels: ['vendor', 'why'],
  },
  transfer_destination_rests_total: {
    type: 'counter',
    help: 'Times that a destination of files was left alone for a while, because it was not reached several times in a row',
    labels: ['destination'],
  },
  transfers_ended_total: {
    type: 'counter',
    help: 'Transfers of documents that ended: delivered, failed, cancelled',
    labels: ['state'],
  },
  transfer_requests_refused_total: {
    type: 'counter',
    help: 'Requests about transfers that were refused, by the code of the problem',
    labels: ['code'],
  },
  transfer_webhook_rounds_total: {
    type: 'counter',
    help: 'Rounds in which a consumer was told how a transfer ended: delivered, waiting for another round, dead',
    labels: ['outcome'],
  },
  transfer_webhook_duration_seconds: {
    type: 'histogram',
    help: 'Time of one try to tell a consumer how a transfer ended',
    labels: ['consumer', 'outcome'],
    buckets: jobSeconds,
  },
  transfer_keys_expiring: {
    type: 'gauge',
    help: 'Good keys of consumers of the API for transfers that expire within 14 days',
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>
