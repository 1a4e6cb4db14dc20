import { type ChildProcess, execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { buildah } from './buildah.ts'
import { engine } from './engine.ts'

/** What is built: a target of the Dockerfile each. */
export const images = ['idp-web', 'worker', 'operations'] as const
export type Image = (typeof images)[number]

export interface BuildOptions {
  /** The checkout. */
  readonly root: string
  /** An image with Node and npm on Debian; otherwise the one that the Dockerfile names. */
  readonly base?: string | undefined
  /** Certificate of a package registry that has one of its own. */
  readonly caFile?: string | undefined
}

export interface RunOptions {
  readonly env: Readonly<Record<string, string>>
  /** What is run instead of what the image runs by itself. */
  readonly args?: readonly string[]
  /** A folder of this machine, found in `/etc/anteroom`. */
  readonly files?: string | undefined
}

/** A program that builds images and runs them: on the network of this machine, with a root file system that is read-only. */
export interface Builder {
  readonly name: string
  build(image: Image, options: BuildOptions): Promise<void>
  /** Makes an image out of a folder with a Dockerfile. */
  buildFrom(folder: string, tag: string): Promise<void>
  has(tag: string): Promise<boolean>
  /** What it takes unpacked, in bytes. */
  sizeOf(image: Image): Promise<number>
  /** Starts it; SIGTERM to the child reaches the program inside. */
  run(image: Image, options: RunOptions): Promise<ChildProcess>
  /** Names in the root file system of an image, directories with all that is in them. */
  filesOf(image: Image): Promise<readonly string[]>
}

export function tagOf(image: Image): string {
  return `localhost/anteroom/${image}`
}

const call = promisify(execFile)

/** Docker or Podman if one answers, otherwise buildah, which needs no daemon. */
export async function findBuilder(): Promise<Builder | undefined> {
  for (const name of ['docker', 'podman'] as const) {
    if (await answers(name, ['info'])) return engine(name)
  }
  return (await answers('buildah', ['info'])) ? buildah : undefined
}

function answers(program: string, args: readonly string[]): Promise<boolean> {
  return call(program, args, { timeout: 10_000 }).then(
    () => true,
    () => false,
  )
}
