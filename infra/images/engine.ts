import { spawn } from 'node:child_process'
import { buildArguments } from './build-arguments.ts'
import { type Builder, tagOf } from './builder.ts'
import { runTool, textOf } from './run-tool.ts'

/** Docker and Podman, which take the same words. */
export function engine(program: 'docker' | 'podman'): Builder {
  return {
    name: program,
    build: (image, options) => runTool(program, ['build', ...buildArguments(image, options)]),
    buildFrom: (folder, tag) => runTool(program, ['build', '--tag', tag, folder]),
    has: (tag) =>
      textOf(program, ['image', 'inspect', tag]).then(
        () => true,
        () => false,
      ),
    sizeOf: async (image) =>
      Number(await textOf(program, ['image', 'inspect', '-f', '{{.Size}}', tagOf(image)])),
    run: async (image, { env, args = [], files }) => {
      const given = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`])
      const mounts = files === undefined ? [] : ['--volume', `${files}:/etc/anteroom:ro`]
      const guards = ['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges']
      const command = ['run', '--rm', '--network=host', ...guards, ...mounts, ...given]
      return spawn(program, [...command, tagOf(image), ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    },
    filesOf: async (image) => {
      const container = (await textOf(program, ['create', tagOf(image)])).trim()
      try {
        const list = await textOf('sh', [
          '-c',
          `${program} export ${container} | tar --list --file -`,
        ])
        return list.split('\n').map((name) => `/${name}`)
      } finally {
        await textOf(program, ['rm', container])
      }
    },
  }
}
