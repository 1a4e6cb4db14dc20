import { spawn } from 'node:child_process'
import { buildArguments } from './build-arguments.ts'
import { type Builder, type Image, tagOf } from './builder.ts'
import { runTool, textOf } from './run-tool.ts'

const program = 'buildah'
const common = ['build', '--isolation', 'chroot', '--format', 'docker']

/** buildah, which needs neither a daemon nor a container runtime. It would run with a root file system to write to, so we run by `unshare`. */
export const buildah: Builder = {
  name: program,
  build: (image, options) =>
    runTool(program, [...common, '--layers', ...buildArguments(image, options)]),
  buildFrom: (folder, tag) => runTool(program, [...common, '--tag', tag, folder]),
  has: (tag) =>
    textOf(program, ['inspect', '--type', 'image', tag]).then(
      () => true,
      () => false,
    ),
  sizeOf: async (image) => {
    const bytes = await withRoot(image, (root) => textOf('du', ['--summarize', '--bytes', root]))
    return Number(bytes.split('\t')[0])
  },
  run: async (image, { env, args, files = '' }) => {
    const { Env = [], Entrypoint = [], Cmd = [], User, WorkingDir } = await configOf(image)
    const container = await newContainer(image)
    const root = (await textOf(program, ['mount', container])).trim()
    const own = Object.fromEntries(Env.map(pairOf))
    const command = [...Entrypoint, ...(args ?? Cmd)]
    const child = spawn(
      'unshare',
      [
        '--mount',
        'sh',
        '-c',
        inReadOnlyRoot,
        'run',
        root,
        ...User.split(':'),
        WorkingDir,
        files,
        ...command,
      ],
      {
        env: { ...own, ...env, PATH: process.env.PATH, INSIDE_PATH: own.PATH },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    child.once('close', () => void discard(container).catch(() => undefined))
    return child
  },
  filesOf: (image) =>
    withRoot(image, async (root) => {
      const list = await textOf('find', [root, '-mindepth', '1', '-printf', '/%P\\n'])
      return list.trim().split('\n')
    }),
}

/** Mounts what a container has into a view of the file system that nobody else sees, and becomes the program. */
const inReadOnlyRoot = `
set -e
inside=$INSIDE_PATH
unset INSIDE_PATH
root=$1 uid=$2 gid=$3 folder=$4 files=$5
shift 5
mount --bind "$root" "$root"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
if [ -n "$files" ]; then mount --bind -o ro "$files" "$root/etc/anteroom"; fi
mount -o remount,bind,ro "$root"
tool=$(command -v unshare)
PATH=$inside exec "$tool" --root="$root" --wd="$folder" --setgid="$gid" --setuid="$uid" -- "$@"
`

interface ImageConfig {
  readonly Env?: readonly string[]
  readonly Entrypoint?: readonly string[]
  readonly Cmd?: readonly string[]
  readonly User: string
  readonly WorkingDir: string
}

async function configOf(image: Image): Promise<ImageConfig> {
  const { Docker } = JSON.parse(await textOf(program, ['inspect', '--type', 'image', tagOf(image)]))
  return Docker.config
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf('=')
  return [text.slice(0, at), text.slice(at + 1)]
}

async function withRoot<T>(image: Image, look: (root: string) => Promise<T>): Promise<T> {
  const container = await newContainer(image)
  try {
    return await look((await textOf(program, ['mount', container])).trim())
  } finally {
    await discard(container)
  }
}

async function newContainer(image: Image): Promise<string> {
  return (await textOf(program, ['from', '--pull-never', tagOf(image)])).trim()
}

async function discard(container: string): Promise<void> {
  await runTool(program, ['umount', container])
  await runTool(program, ['rm', container])
}
