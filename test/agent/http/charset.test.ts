import { expect, test } from 'vitest'
import { decodeText } from '../../../src/agent/http/charset.ts'

const latin1 = Buffer.from('Größe: £5, déjà vu', 'latin1')
const utf16le = Buffer.from('Größe 😀', 'utf16le')
const utf16be = Buffer.from(utf16le).swap16()
const bytes = (...all: (number | Buffer)[]) =>
  Buffer.concat(all.map((one) => (typeof one === 'number' ? Buffer.of(one) : one)))

test.each([
  ['UTF-8, undeclared', Buffer.from('Größe 😀'), '', 'Größe 😀'],
  ['UTF-8, declared', Buffer.from('Größe'), 'application/json; charset=UTF-8', 'Größe'],
  ['UTF-8 with a mark', Buffer.from('\ufeffGröße'), 'application/json', 'Größe'],
  ['UTF-8 called ASCII', Buffer.from('Größe'), 'text/plain; charset=us-ascii', 'Größe'],
  ['UTF-8 under a name nobody knows', Buffer.from('Größe'), 'text/plain; charset=utf8mb4', 'Größe'],
  ['nothing', Buffer.alloc(0), 'text/plain; charset=utf-16', ''],
  ['ISO-8859-1', latin1, 'text/plain;charset=ISO-8859-1', 'Größe: £5, déjà vu'],
  ['ISO-8859-1 in quotes, among others', latin1, 'text/plain; a=b; Charset = "iso-8859-1"; q=1', 'Größe: £5, déjà vu'],
  ['the euro of windows-1252', bytes(0x80), 'text/plain; charset=windows-1252', '€'],
  ['ISO-8859-15', bytes(0xa4), 'text/plain; charset=iso-8859-15', '€'],
  ['UTF-16, little end first', utf16le, 'application/json; charset=utf-16le', 'Größe 😀'],
  ['UTF-16, big end first', utf16be, 'application/json; charset=UTF-16BE', 'Größe 😀'],
  ['UTF-16 with a mark alone', bytes(0xff, 0xfe, utf16le), 'application/json', 'Größe 😀'],
  [
    'UTF-16 with the other mark, whatever is declared',
    bytes(0xfe, 0xff, utf16be),
    'text/plain; charset=utf-8',
    'Größe 😀',
  ],
  ['UTF-16 without a mark, as JSON may be', Buffer.from('{"a":"ö"}', 'utf16le'), 'application/json', '{"a":"ö"}'],
  ['the other UTF-16 without a mark', Buffer.from('{"a":"ö"}', 'utf16le').swap16(), '', '{"a":"ö"}'],
  ['UTF-16 that does not say which', Buffer.from('Größe', 'utf16le').swap16(), 'text/plain; charset=utf-16', 'Größe'],
  ['Shift JIS', bytes(0x8d, 0x82), 'text/plain; charset=Shift_JIS', '高'],
  ['GB 18030', bytes(0xcd, 0xcb, 0xbf, 0xee), 'text/plain; charset=gb18030', '退款'],
  ['KOI8-R', bytes(0xc4, 0xc1), 'text/plain; charset=koi8-r', 'да'],
])('%s is read', (_, text, type, expected) => expect(decodeText(text, type)).toBe(expected))

test.each([
  [latin1, '', 'its answer is not in UTF-8, and it declares no other charset'],
  [latin1, 'application/json', 'its answer is not in UTF-8, and it declares no other charset'],
  [latin1, 'text/plain; charset=utf-8', 'its answer is not in utf-8, the charset that it declares'],
  [latin1, 'text/plain; charset=ascii', 'its answer is not in ascii, the charset that it declares'],
  [latin1, 'text/plain; charset=ebcdic', 'its answer is in the charset "ebcdic", which cannot be read'],
  [bytes(0, 0, 0, 0x7b), 'text/plain; charset=utf-32', 'its answer is in the charset "utf-32", which cannot be read'],
  [bytes(0x7b, 0, 0, 0), 'text/plain; charset=utf-32', 'its answer is in the charset "utf-32", which cannot be read'],
  [
    bytes(0x1b, 0x24),
    'text/plain; charset=iso-2022-kr',
    'its answer is in the charset "iso-2022-kr", which cannot be read',
  ],
  [bytes(0x81, 0x20), 'text/plain; charset=shift_jis', 'its answer is not in shift_jis, the charset that it declares'],
  [bytes(0xff, 0xfe, 0x00, 0xd8), '', 'its answer is not in utf-16le, the charset that it declares'],
  [
    Buffer.from('x').subarray(0, 1),
    'text/plain; charset=utf-16',
    'its answer is not in utf-16, the charset that it declares',
  ],
  [bytes(0, 1, 2, 0xff), 'application/octet-stream', 'its answer is not in UTF-8, and it declares no other charset'],
  [bytes(0x89, 0, 0x1a, 0xa), 'image/png', 'its answer is not in UTF-8, and it declares no other charset'],
  [bytes(0, 1, 2, 0xff, 0xfe), '', 'its answer is not in UTF-8, and it declares no other charset'],
])('what is neither is a failure that says so: %#', (text, type, reason) => {
  expect(() => decodeText(text, type)).toThrow(expect.objectContaining({ kind: 'charset', reason }))
})
