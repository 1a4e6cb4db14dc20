import { expect, test } from 'vitest'
import { contentTypeOf } from './photo-types.ts'

const jpeg = Buffer.from('ffd8ffe000104a46', 'hex')
const png = Buffer.from('89504e470d0a1a0a', 'hex')
const text = Buffer.from('a text.')

test.each<[mimetype: string, filename: string, head: Buffer, type: string]>([
  ['image/jpeg', 'IMG.jpg', jpeg, 'image/jpeg'],
  ['IMAGE/PNG', 'IMG.png', png, 'image/png'],
  ['image/jpg', 'IMG.jpg', jpeg, 'image/jpeg'],
  ['image/pjpeg', 'IMG.jpg', jpeg, 'image/jpeg'],
  ['image/x-png', 'IMG.png', png, 'image/png'],
  ['application/octet-stream', 'IMG', png, 'image/png'],
  ['text/plain', 'IMG', jpeg, 'image/jpeg'],
  ['image/jpg', 'IMG.jpg', text, 'image/jpg'],
  ['application/octet-stream', 'IMG.jpg', jpeg.subarray(0, 2), 'application/octet-stream'],
  ['application/pdf', 'IMG.jpg', jpeg, 'application/pdf'],
  ['application/octet-stream', 'fail.YML', text, 'text/yaml'],
])(
  'a file that says %s and is named %s is known for what it is',
  (...[mimetype, filename, head, type]) => {
    expect(contentTypeOf({ mimetype, filename, head })).toBe(type)
  },
)
