import { quantile, type Row, share } from './panel.ts'

/** What programs are told and given, for which nobody sits and waits. */
export const deliveryRows: readonly Row[] = [
  {
    title: 'Security events',
    panels: [
      {
        title: 'Pushes that partners do not take',
        description: 'Of all pushes to a partner. Each is tried again, for twelve hours.',
        unit: 'percentunit',
        queries: {
          '{{partner}}': share(
            'sum by (partner) (rate(partner_push_duration_seconds_count{outcome="failed"}[10m]))',
            'sum by (partner) (rate(partner_push_duration_seconds_count[10m]))',
          ),
        },
      },
      {
        title: 'How long partners take',
        description: 'One push, taken or not.',
        unit: 's',
        queries: {
          '{{partner}} half': quantile(0.5, 'partner_push_duration_seconds', 'partner'),
          '{{partner}} 1 in 20': quantile(0.95, 'partner_push_duration_seconds', 'partner'),
        },
      },
      {
        title: 'Deliveries under way',
        description: 'Ready, running, or to be tried again later.',
        unit: 'short',
        queries: {
          '{{task}} {{state}}':
            'max by (task, state) (queue_jobs{task=~"risc-delivery|webhook-delivery"})',
        },
      },
      {
        title: 'Dead letters',
        description: 'Jobs that failed and wait for an operator, and how many came in an hour.',
        unit: 'short',
        queries: {
          '{{task}} kept': 'max by (task) (dead_letters_kept)',
          '{{task}} in an hour': 'sum by (task) (increase(dead_letters_total[1h]))',
        },
      },
    ],
  },
  {
    title: 'Transfers of documents',
    panels: [
      {
        title: 'Ends',
        description: 'Delivered, failed and cancelled in an hour.',
        unit: 'short',
        queries: { '{{state}}': 'sum by (state) (increase(transfers_ended_total[1h]))' },
      },
      {
        title: 'Destinations that rest',
        description:
          'Left alone for a while in the last hour, because they were not reached several times in a row.',
        unit: 'short',
        queries: {
          '{{destination}}':
            'sum by (destination) (increase(transfer_destination_rests_total[1h]))',
        },
      },
      {
        title: 'Requests that are refused',
        description: 'By the code of the problem.',
        unit: 'reqps',
        queries: { '{{code}}': 'sum by (code) (rate(transfer_requests_refused_total[5m]))' },
      },
      {
        title: 'Rounds of webhooks',
        description: 'Delivered, put off, or given up in an hour.',
        unit: 'short',
        queries: {
          '{{outcome}}': 'sum by (outcome) (increase(transfer_webhook_rounds_total[1h]))',
        },
      },
      {
        title: 'Time of webhooks',
        description: 'By consumer, of one try: one in twenty takes longer.',
        unit: 's',
        queries: {
          '{{consumer}}':
            'histogram_quantile(0.95, sum by (consumer, le) (rate(transfer_webhook_duration_seconds_bucket[10m])))',
        },
      },
      {
        title: 'Keys that expire',
        description: 'Within 14 days. Each consumer is warned once, by e-mail.',
        unit: 'short',
        queries: { keys: 'max(transfer_keys_expiring)' },
      },
    ],
  },
]
