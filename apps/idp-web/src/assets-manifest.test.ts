import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AssetsError, readAssetUrls } from './assets-manifest.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assets-manifest-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

const names = {
  styles: 'styles-1.css',
  icon: 'icon-1.svg',
  'backup-codes': 'backup-codes-1.js',
  'document-capture': 'document-capture-1.js',
  form: 'form-1.js',
  issued: 'issued-1.js',
  line: 'line-1.js',
  'local-time': 'local-time-1.js',
  passkey: 'passkey-1.js',
  sent: 'sent-1.js',
  'session-warning': 'session-warning-1.js',
  'verify-credential': 'verify-credential-1.js',
  'verify-offline': 'verify-offline-1.js',
  wait: 'wait-1.js',
}

test('every asset has an address under the prefix', () => {
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(names))

  const urls = readAssetUrls(folder)

  expect(urls.styles).toBe('/assets/styles-1.css')
  expect(urls['local-time']).toBe('/assets/local-time-1.js')
})

test('a folder without a manifest is an error that says so', () => {
  expect(() => readAssetUrls(folder)).toThrow(AssetsError)
})

test('a manifest that lacks an asset is an error', () => {
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...names, wait: undefined }))

  expect(() => readAssetUrls(folder)).toThrow(AssetsError)
})
