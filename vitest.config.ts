import { defineConfig } from 'vitest/config'

// Ample, so that a busy machine makes tests slow and not red.
const minute = 60_000
const expect = { poll: { timeout: minute / 4 } }

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
          testTimeout: minute,
          hookTimeout: minute,
        },
      },
      {
        test: {
          expect,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 3 * minute,
          hookTimeout: minute,
        },
      },
      {
        test: {
          expect,
          name: 'faults',
          include: ['test/{faults,rush}/selection.test.ts'],
          testTimeout: 4 * minute,
          hookTimeout: minute,
        },
      },
    ],
  },
})
