/** Quotes do not help: Excel and LibreOffice read "00012345" as a number. An apostrophe does. */

/** In UTF-16 units: Excel and LibreOffice cut longer texts silently. */
const maxCellLength = 32_767

/** csv-stringify puts an apostrophe before these itself (`escape_formulas`). */
const escaped = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/
/** Spreadsheets ignore quotes and spaces before a formula. */
const hiddenFormula = /^(?:\n|[\s"'`\u200b-\u200d\u2060]+[=+\-@\uff1d\uff0b\uff0d\uff20])/
/** Further digits become zeros. */
const maxDigits = 15
const maxDecimals = 20
const decimal = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/

export type Cell = string | { bare: string }

export function textCell(text: string): string {
  const isEscaped = escaped.test(text)
  const whole = !isEscaped && (hiddenFormula.test(text) || isConverted(text)) ? `'${text}` : text
  const max = isEscaped ? maxCellLength - 1 : maxCellLength
  return whole.length <= max ? whole : cut(whole, text.length, max)
}

export function numberCell(written: string): Cell {
  const bare = plainNumber(written)
  return bare === undefined ? textCell(written) : { bare }
}

export function jsonCell(json: string): Cell {
  return decimal.test(json) ? numberCell(json) : textCell(json)
}

/** `2026-11-22 16:14:30`, in UTC. */
export function timeCell(at: number | null): Cell {
  if (at === null || !Number.isFinite(at)) return ''
  return { bare: new Date(at).toISOString().slice(0, 19).replace('T', ' ') }
}

/** Without an exponent; undefined where digits would be lost. */
function plainNumber(written: string): string | undefined {
  const [, sign = '', whole, fraction = '', power = '0'] = decimal.exec(written) ?? []
  if (whole === undefined || /^0\d/.test(whole)) return undefined
  const significant = (whole + fraction).replace(/^0+/, '').replace(/0+$/, '')
  if (significant.length > maxDigits) return undefined
  const point = whole.length + Number(power)
  if (power === '0') return whole.length > maxDigits ? undefined : written
  if (Math.abs(point) > maxDecimals) return undefined
  const digits = (whole + fraction).padStart(whole.length + fraction.length - Math.min(0, point) + 1, '0')
  const at = digits.length - (whole + fraction).length + point
  const padded = digits.padEnd(at, '0')
  const plain = `${sign}${padded.slice(0, at).replace(/^0+(?=\d)/, '')}.${padded.slice(at)}`.replace(/\.?0*$/, '')
  return plain.replace('-', '').length > maxDigits && !plain.includes('.') ? undefined : plain
}

const sign = /[\p{Nd}\p{Sc}\s.,:;/\\'’%()+*#_年月日時时分秒-]/u
const onlySigns = new RegExp(`^(?:${sign.source}|\\p{L}|\\p{M})*$`, 'u')
const maxConvertedLength = 60
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
const words = /[\p{L}\p{M}]+/gu
const truthValues = /^\s*(?:true|false|wahr|falsch|vrai|faux|verdadero|falso|verdadeiro|vero|waar|onwaar)\s*$/i
const inNumbers = /^(?:e|am|pm|a|p|z|t|utc|gmt|de|del|年|月|日|時|时|分|秒|上午|下午|午前|午後)+$/iu

function isConverted(text: string): boolean {
  if (truthValues.test(text)) return true
  if (uuid.test(text)) return false
  if (text.length > maxConvertedLength || !/\p{Nd}/u.test(text) || !onlySigns.test(text)) return false
  return (text.match(words) ?? []).every((word) => inNumbers.test(word) || isDateWord(word))
}

const languages = [
  'en',
  'de',
  'fr',
  'es',
  'pt',
  'it',
  'nl',
  'pl',
  'sv',
  'da',
  'nb',
  'fi',
  'cs',
  'tr',
  'ru',
  'uk',
  'ro',
  'hu',
]
let dateWords: Set<string> | undefined

function isDateWord(word: string): boolean {
  dateWords ??= new Set(languages.flatMap(namesIn))
  return dateWords.has(word.toLowerCase())
}

function namesIn(language: string): string[] {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' })
  const months = [format({ month: 'long' }), format({ month: 'short' }), format({ month: 'long', day: 'numeric' })]
  const days = [format({ weekday: 'long' }), format({ weekday: 'short' })]
  const names = [
    ...Array.from({ length: 12 }, (_, month) => months.map((one) => one.format(Date.UTC(2026, month, 2)))),
    ...Array.from({ length: 7 }, (_, day) => days.map((one) => one.format(Date.UTC(2026, 5, 1 + day)))),
  ].flat()
  return names
    .flatMap((name) => name.toLowerCase().match(words) ?? [])
    .flatMap((name) => Array.from({ length: Math.max(0, name.length - 2) }, (_, more) => name.slice(0, 3 + more)))
}

function cut(text: string, length: number, max: number): string {
  const note = `… [cut: ${length.toLocaleString('en-US')} characters; the NDJSON export has all of them]`
  const end = max - note.length
  const isInPair = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800
  return text.slice(0, isInPair ? end - 1 : end) + note
}
