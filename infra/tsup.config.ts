import { cp } from 'node:fs/promises'
import { defineConfig } from 'tsup'

/** What the image `operations` runs: each a program by itself, with everything it needs of others inside. */
export default defineConfig({
  entry: { migrate: 'migrations/main.ts', ops: 'ops/main.ts' },
  format: ['esm'],
  target: 'node24',
  platform: 'node',
  clean: true,
  noExternal: [/.*/],
  // Asked for by pg where it is installed, and it is not.
  external: ['pg-native'],
  banner: {
    js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
  },
  onSuccess: () => cp('migrations/sql', 'dist/sql', { recursive: true }),
})
