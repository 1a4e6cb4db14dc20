import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { buildDirectory } from '@anteroom/infra/local/build-directory.ts'
import { cacheDirectory } from './root.ts'

export interface ChromiumProgram {
  readonly executablePath: string
  /** What it needs beside the environment of this process. */
  readonly env: Readonly<Record<string, string>>
  /** Whether it shows what a camera sees. The one from npm is built without video. */
  readonly playsVideo: boolean
}

/** `CHROMIUM_PATH`, else the machine's own, else the one that comes inside an npm package. Nothing is downloaded. */
export async function findChromium(): Promise<ChromiumProgram> {
  const executablePath = process.env.CHROMIUM_PATH ?? onThisMachine()
  return executablePath ? { executablePath, env: {}, playsVideo: true } : unpackFromNpm()
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const onMac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'

function onThisMachine(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const places = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...places, onMac].find((place) => existsSync(place))
}

/** It brings the libraries and fonts that a bare machine lacks. */
async function unpackFromNpm(): Promise<ChromiumProgram> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chromium found: install one, or set CHROMIUM_PATH')
  }
  const packageFile = new URL('../package.json', import.meta.resolve('@sparticuz/chromium'))
  const { version } = JSON.parse(await readFile(fileURLToPath(packageFile), 'utf8'))
  const directory = join(cacheDirectory, `chromium-${version}`)
  if (!existsSync(directory)) await buildDirectory(directory, unpack)
  const fonts = join(directory, 'fonts')
  await writeFile(join(fonts, 'fonts.conf'), fontsConf(fonts))
  return {
    executablePath: join(directory, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(directory, 'al2023/lib'),
      FONTCONFIG_PATH: fonts,
    },
    playsVideo: false,
  }
}

/** The package looks for its fonts in the places of Lambda; without any font Chromium dies when text is typed. */
function fontsConf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'cache')}</cachedir>
</fontconfig>
`
}

/**
 * The package unpacks into the folder for temporary files, and its libraries only where it believes to be on Lambda.
 * A process of its own is told both.
 */
async function unpack(directory: string): Promise<void> {
  const script = `import chromium from '@sparticuz/chromium'; await chromium.executablePath()`
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    env: { TMPDIR: directory, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
    timeout: 60_000,
  })
}
