import { defineConfig } from 'vitest/config'

const minute = 60_000

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apps,packages}/*/src/**/*.test.ts', 'infra/**/*.test.ts'],
        },
      },
      { test: { name: 'rules', include: ['test/rules/**/*.test.ts'] } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: minute,
          hookTimeout: minute,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 3 * minute,
          hookTimeout: minute,
        },
      },
    ],
  },
})
