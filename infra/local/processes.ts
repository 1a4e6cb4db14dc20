import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

export interface ServerCommand {
  /** What an error calls the server. */
  readonly title: string
  readonly command: string
  readonly args: readonly string[]
  /** The server is up once a line of its output contains this text. */
  readonly readyText: string
  /** What asks the server to stop; SIGKILL follows after ten seconds. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT'
  readonly env?: Readonly<Record<string, string>>
  readonly user?: { readonly uid: number; readonly gid: number }
}

export interface RunningProcess {
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

const readyWithinMs = 30_000
const killAfterMs = 10_000
const keptLines = 20

/**
 * Runs a server on a leash: a shell waits beside it and stops it when this process is gone, even after kill -9.
 * The server has its own process group, so that Ctrl-C reaches only the process that stops things in order.
 */
const leash = `
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
{ cat <&3 >/dev/null; kill -s "$STOP_SIGNAL" "$server"; } 2>/dev/null &
wait "$server"
`

/** Starts a server and waits until it is ready. An error holds the last lines of its output. */
export async function startServerProcess(server: ServerCommand): Promise<RunningProcess> {
  const child = spawn('/bin/sh', ['-c', leash, 'leash', server.command, ...server.args], {
    cwd: '/',
    detached: true,
    env: { ...process.env, ...server.env, STOP_SIGNAL: server.stopSignal.slice('SIG'.length) },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...server.user,
  })
  const ended = endOf(child)
  const stop = () => loosen(child, ended)
  try {
    await untilReady(child, server)
  } catch (error) {
    await stop()
    throw error
  }
  return { ended, stop }
}

/** Hands on each whole line of a stream, so that the output of several processes never mixes within a line. */
export function eachLine(stream: Readable, write: (line: string) => void): void {
  createInterface({ input: stream }).on('line', write)
}

/** Asks a child to stop with SIGTERM and, when it has not after `waitMs`, kills it. Only its pid, nobody else. */
export async function stopChild(child: ChildProcess, waitMs = killAfterMs): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return

  const ended = endOf(child)
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), waitMs)
  await ended
  clearTimeout(timer)
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: there is such a process, and it is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

async function loosen(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.stdin?.end()
  const timer = setTimeout(() => killGroup(child), killAfterMs)
  await ended
  clearTimeout(timer)
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The group ended between the timer and the signal.
  }
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  await once(child, 'exit').catch(() => undefined)
  // The watching cat of the leash ends with the pipe it reads.
  child.stdin?.destroy()
}

function untilReady(child: ChildProcess, server: ServerCommand): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const lines: string[] = []
  const fail = (what: string) => reject(new Error([`${server.title} ${what}`, ...lines].join('\n')))
  const timer = setTimeout(() => fail('did not become ready in 30 s'), readyWithinMs)
  const take = (line: string) => {
    lines.push(line)
    if (lines.length > keptLines) lines.shift()
    if (line.includes(server.readyText)) resolve()
  }
  if (child.stdout) eachLine(child.stdout, take)
  if (child.stderr) eachLine(child.stderr, take)
  child.once('error', () => fail('could not be started'))
  // 'close' comes after the last line was read; 'exit' may come before it.
  child.once('close', () => fail('ended at its start'))
  return promise.finally(() => clearTimeout(timer))
}
