import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    main: 'src/main.ts',
    // Found beside main.js by the document reader, whose threads run it.
    'reading-thread': '../../packages/document-reader/src/reading-thread.ts',
    // Found beside main.js by the press, whose threads run it.
    'press-thread': 'src/credentials/paper/press-thread.ts',
  },
  format: ['esm'],
  target: 'node24',
  platform: 'node',
  sourcemap: true,
  // Of what is bundled, only what is used takes memory: zod comes with texts in forty languages, the SDK with every call of S3.
  noExternal: [/^@anteroom\//, 'zod', /^@aws-sdk\//],
  // Native parts that ssh2 goes without where they are not built, and ours are not.
  external: ['cpu-features', /sshcrypto\.node$/],
  // What our packages depend on is bundled with them, and some of it is CommonJS that asks for Node's modules and its folder.
  banner: {
    js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url); const __dirname = import.meta.dirname;",
  },
})
