import { deliveryRows } from './delivery-panels.ts'
import { quantile, type Row, share } from './panel.ts'

/** What operators look at, from the people outside to the machines inside. */
export const rows: readonly Row[] = [
  {
    title: 'People',
    panels: [
      {
        title: 'Answers shown',
        description: 'Checks that were answered, by what was answered.',
        unit: 'reqps',
        queries: {
          '{{check}} {{outcome}}': 'sum by (check, outcome) (rate(proofing_result_total[5m]))',
        },
      },
      {
        title: 'How long people wait for a check',
        description: 'From sending the form to the answer. A check ends at 60 s in any case.',
        unit: 's',
        queries: {
          '{{check}} half': quantile(0.5, 'proofing_wait_seconds', 'check'),
          '{{check}} 1 in 20': quantile(0.95, 'proofing_wait_seconds', 'check'),
        },
      },
      {
        title: 'Checks that took too long',
        description: 'Each is somebody who is told to try again.',
        unit: 'short',
        queries: { 'in five minutes': 'sum(increase(proofing_timeout_total[5m]))' },
      },
      {
        title: 'Pages that fail',
        description: 'Answers with a status of 500 or more.',
        unit: 'percentunit',
        queries: {
          failures: share(
            'sum(rate(http_request_duration_seconds_count{job="idp-web",code=~"5.."}[5m]))',
            'sum(rate(http_request_duration_seconds_count{job="idp-web"}[5m]))',
          ),
        },
      },
      {
        title: 'How long pages take',
        description: 'All routes together; streams of events count as long as they last.',
        unit: 's',
        queries: {
          half: quantile(0.5, 'http_request_duration_seconds', 'job'),
          '1 in 100': quantile(0.99, 'http_request_duration_seconds', 'job'),
        },
      },
    ],
  },
  {
    title: 'Queue and workers',
    panels: [
      {
        title: 'The oldest job that nobody takes',
        description: 'More than 10 s of what people wait for wakes somebody.',
        unit: 's',
        queries: { '{{task}}': 'max by (task) (queue_oldest_seconds)' },
      },
      {
        title: 'Jobs in the queue',
        description: 'Every worker tells the same, so the largest figure is the newest.',
        unit: 'short',
        queries: { '{{task}} {{state}}': 'max by (task, state) (queue_jobs) > 0' },
      },
      {
        title: 'How long jobs wait',
        description: 'From when a job could start to when it did.',
        unit: 's',
        queries: { '{{task}} 1 in 20': quantile(0.95, 'worker_queue_delay_seconds', 'task') },
      },
      {
        title: 'How long jobs take',
        description: 'From the start of an attempt to its ending.',
        unit: 's',
        queries: {
          '{{task}} half': quantile(0.5, 'worker_job_duration_seconds', 'task'),
          '{{task}} 1 in 20': quantile(0.95, 'worker_job_duration_seconds', 'task'),
        },
      },
      {
        title: 'Endings',
        description: 'Of jobs, by what they came to. All but done are failures.',
        unit: 'reqps',
        queries: {
          '{{task}} {{outcome}}':
            'sum by (task, outcome) (rate(worker_job_duration_seconds_count[5m]))',
        },
      },
      {
        title: 'Jobs running',
        description: 'In all workers together.',
        unit: 'short',
        queries: { '{{task}}': 'sum by (task) (worker_jobs_in_flight)' },
      },
    ],
  },
  {
    title: 'Vendors',
    panels: [
      {
        title: 'Calls without an answer',
        description: 'Of all calls to a vendor. Half of them wakes somebody.',
        unit: 'percentunit',
        queries: {
          '{{vendor}}': share(
            'sum by (vendor) (rate(proofing_vendor_duration_seconds_count{outcome!="answered"}[5m]))',
            'sum by (vendor) (rate(proofing_vendor_duration_seconds_count[5m]))',
          ),
        },
      },
      {
        title: 'How long vendors take',
        description: 'One call, answered or not.',
        unit: 's',
        queries: {
          '{{vendor}} half': quantile(0.5, 'proofing_vendor_duration_seconds', 'vendor'),
          '{{vendor}} 1 in 20': quantile(0.95, 'proofing_vendor_duration_seconds', 'vendor'),
        },
      },
      {
        title: 'Moments at a vendor with a quota',
        description: 'Used, or missed because the worker was late.',
        unit: 'reqps',
        queries: {
          '{{vendor}} {{outcome}}': 'sum by (vendor, outcome) (rate(vendor_moments_total[5m]))',
          '{{vendor}} allowed': 'max by (vendor) (vendor_quota_calls_per_second)',
        },
      },
      {
        title: 'How long jobs wait for their moment',
        description: 'Of a vendor with a quota, once they have begun.',
        unit: 's',
        queries: { '{{vendor}} 1 in 20': quantile(0.95, 'vendor_turn_wait_seconds', 'vendor') },
      },
      {
        title: 'Reading documents',
        description: 'With our own reader, waiting for a free thread included.',
        unit: 's',
        queries: {
          half: quantile(0.5, 'document_reader_duration_seconds', 'job'),
          '1 in 20': quantile(0.95, 'document_reader_duration_seconds', 'job'),
        },
      },
    ],
  },
  {
    title: 'The line',
    panels: [
      {
        title: 'People in line',
        description: 'Told by the web that keeps the line.',
        unit: 'short',
        queries: { '{{state}}': 'sum by (state) (line_people)' },
      },
      {
        title: 'Moves',
        description: 'Who joins, is called, leaves, comes back, and gets a credential.',
        unit: 'reqps',
        queries: { '{{move}}': 'sum by (move) (rate(line_moves_total[5m]))' },
      },
      {
        title: 'The wait',
        description: 'From joining to being called.',
        unit: 's',
        queries: {
          half: quantile(0.5, 'line_wait_seconds', 'job'),
          '1 in 20': quantile(0.95, 'line_wait_seconds', 'job'),
        },
      },
      {
        title: 'What people were told of the wait',
        description: 'The real wait divided by the one told: 1 is right, 2 is twice as long.',
        unit: 'short',
        queries: { half: quantile(0.5, 'line_estimate_error_ratio', 'job') },
      },
      {
        title: 'People who could not join',
        description: 'By why.',
        unit: 'short',
        queries: { '{{why}}': 'sum by (why) (increase(line_refused_total[5m]))' },
      },
    ],
  },
  ...deliveryRows,
  {
    title: 'Processes',
    panels: [
      {
        title: 'Up',
        description: 'Processes that answer.',
        unit: 'short',
        queries: { '{{job}}': 'sum by (job) (up{job=~"idp-web|worker"})' },
      },
      {
        title: 'Processor',
        description: 'Of one core.',
        unit: 'percentunit',
        queries: { '{{instance}}': 'rate(process_cpu_seconds_total[5m])' },
      },
      {
        title: 'Memory',
        description: 'Resident.',
        unit: 'bytes',
        queries: { '{{instance}}': 'process_resident_memory_bytes' },
      },
      {
        title: 'How late the event loop is',
        description: 'More than half a second is felt by everybody.',
        unit: 's',
        queries: { '{{instance}}': 'nodejs_eventloop_lag_p99_seconds' },
      },
    ],
  },
]
