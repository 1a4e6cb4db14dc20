import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { initAsyncCompiler } from 'sass-embedded'
import { build } from 'tsup'

/*
 * Compiles what a browser loads into dist/assets: one style sheet, the scripts of src/browser and the icon, each
 * under a name that holds a hash of its content, so that they may be cached for ever. manifest.json maps the plain
 * names to the hashed ones and is written last: a reader never sees a name without its file.
 */

interface Asset {
  readonly name: string
  readonly extension: string
  readonly content: string
}

const here = import.meta.dirname
const target = join(here, 'dist/assets')
const uswds = join(here, 'node_modules/@uswds/uswds')
const scriptNames = [
  'backup-codes',
  'document-capture',
  'form',
  'issued',
  'line',
  'local-time',
  'passkey',
  'sent',
  'session-warning',
  'verify-credential',
  'verify-offline',
  'wait',
]

const started = performance.now()
const [styles, scripts, icon] = await Promise.all([compileStyles(), compileScripts(), readIcon()])
const assets = [styles, ...scripts, icon]
await writeAssets(assets)
console.log(`assets  ${assets.map(describe).join(', ')} in ${elapsedMs()} ms`)

async function compileStyles(): Promise<Asset> {
  const compiler = await initAsyncCompiler()
  const { css } = await compiler.compileAsync(join(here, 'src/styles/index.scss'), {
    style: 'compressed',
    loadPaths: [join(uswds, 'packages')],
    quietDeps: true,
  })
  await compiler.dispose()
  return { name: 'styles', extension: 'css', content: await inlineImages(css) }
}

/** Puts the small icons USWDS refers to into the style sheet itself: one request, and no second folder to serve. */
async function inlineImages(css: string): Promise<string> {
  const reference = /url\("img\/([\w/-]+\.svg)"\)/g
  const names = new Set(Array.from(css.matchAll(reference), (match) => match[1] ?? ''))
  const images = new Map<string, string>()
  for (const name of names) {
    const svg = await readFile(join(uswds, 'dist/img', name), 'utf8')
    images.set(name, `url("data:image/svg+xml,${encodeURIComponent(svg.trim())}")`)
  }
  return css.replace(reference, (whole, name: string) => images.get(name) ?? whole)
}

async function compileScripts(): Promise<readonly Asset[]> {
  const outDir = await mkdtemp(join(tmpdir(), 'anteroom-assets-'))
  await build({
    entry: Object.fromEntries(scriptNames.map((name) => [name, `src/browser/${name}.ts`])),
    outDir,
    format: ['iife'],
    outExtension: () => ({ js: '.js' }),
    platform: 'browser',
    noExternal: [/^@anteroom\//],
    target: 'es2020',
    minify: true,
    config: false,
    silent: true,
  })
  const scripts = await Promise.all(scriptNames.map((name) => readScript(outDir, name)))
  await rm(outDir, { recursive: true })
  return scripts
}

async function readScript(folder: string, name: string): Promise<Asset> {
  return { name, extension: 'js', content: await readFile(join(folder, `${name}.js`), 'utf8') }
}

async function readIcon(): Promise<Asset> {
  const content = await readFile(join(here, 'src/styles/favicon.svg'), 'utf8')
  return { name: 'icon', extension: 'svg', content }
}

async function writeAssets(all: readonly Asset[]): Promise<void> {
  await mkdir(target, { recursive: true })
  const manifest = Object.fromEntries(all.map((asset) => [asset.name, hashedName(asset)]))
  await Promise.all(all.map((asset) => writeFile(join(target, hashedName(asset)), asset.content)))
  const draft = join(target, `manifest.${process.pid}.draft`)
  await writeFile(draft, `${JSON.stringify(manifest, null, 2)}\n`)
  await rename(draft, join(target, 'manifest.json'))
  await removeOthers(['manifest.json', ...Object.values(manifest)])
}

async function removeOthers(kept: readonly string[]): Promise<void> {
  const stale = (await readdir(target)).filter(
    (name) => !kept.includes(name) && !name.endsWith('.draft'),
  )
  await Promise.all(stale.map((name) => rm(join(target, name), { force: true })))
}

function hashedName({ name, extension, content }: Asset): string {
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 12)
  return `${name}-${hash}.${extension}`
}

function describe({ name, extension, content }: Asset): string {
  return `${name}.${extension} ${(gzipSync(content).length / 1000).toFixed(1)} kB gz`
}

function elapsedMs(): number {
  return Math.round(performance.now() - started)
}
