import { defineConfig } from 'vitest/config'

// Ample, so that a busy machine makes tests slow and not red.
const minute = 60_000
const expect = { poll: { timeout: minute / 4 } }

/** What takes a minute or more and guards what seldom changes: `pnpm test:long`. */
const long = [
  'test/e2e/{account,account-states,alarms,browser-failures,browser-forms,credential}.test.ts',
  'test/e2e/{credential-to-agency,database-copies,dev,document-capture,factors,line-page}.test.ts',
  'test/e2e/{runbooks,send-credential,skew,time,verify-credential,workers}.test.ts',
  'test/integration/document-worker-{crowd,memory}.test.ts',
  'test/integration/{foreign-receivers,line-crowd,local-postgres,ops-transfers}.test.ts',
  'test/integration/{push-crowd,push-hostile,quota-gate,quota-workers,specimens}.test.ts',
  'test/integration/{transfer-crashes*,transfer-memory,web-silence}.test.ts',
  'test/rotation/selection.test.ts',
]

export default defineConfig({
  test: {
    // Most tests wait for servers of their own, so two files at once fit on two cores.
    maxWorkers: 2,
    projects: [
      {
        test: {
          expect,
          name: 'unit',
          testTimeout: minute / 3,
          include: ['{apps,packages}/*/{src,test-data}/**/*.test.ts', 'infra/**/*.test.ts'],
        },
      },
      {
        test: {
          expect,
          name: 'rules',
          testTimeout: minute / 3,
          include: [
            'test/rules/**/*.test.ts',
            'test/faults/{checker,fault-proxy,recovery}.test.ts',
            'test/rush/summary.test.ts',
          ],
        },
      },
      {
        test: {
          expect,
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: long,
          testTimeout: minute,
          hookTimeout: minute,
        },
      },
      {
        test: {
          expect,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: long,
          testTimeout: 3 * minute,
          hookTimeout: minute,
        },
      },
      {
        // Builds for minutes, so `pnpm test` leaves it out.
        test: {
          expect,
          name: 'images',
          include: ['test/images/*.test.ts'],
          testTimeout: 20 * minute,
          hookTimeout: 20 * minute,
        },
      },
      {
        test: {
          expect,
          name: 'long',
          include: long,
          testTimeout: 5 * minute,
          hookTimeout: 4 * minute,
        },
      },
      {
        test: {
          expect,
          name: 'faults',
          include: ['test/{faults,rush}/selection.test.ts', 'test/faults/deliveries.test.ts'],
          testTimeout: 4 * minute,
          hookTimeout: minute,
        },
      },
    ],
  },
})
