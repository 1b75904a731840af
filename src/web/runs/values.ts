import { readableText } from '../../shared/json/escapes.ts'
import { jsonItems } from '../../shared/json.ts'

export type ShortValue = { text: string; isCode: boolean; tags: string[]; href: string }

const maxLength = 80
const maxTags = 12
const maxTagLength = 40

const words = (text: string, more: Partial<ShortValue> = {}): ShortValue => ({
  text,
  isCode: false,
  tags: [],
  href: '',
  ...more,
})

/** Of JSON; undefined where a line is not enough. */
export function presentShort(json: string): ShortValue | undefined {
  if (json.startsWith('"')) return json.length > 2 * maxLength ? undefined : shortText(textOf(json))
  if (json.startsWith('[')) return shortList(json)
  if (json.startsWith('{')) return /^\{\s*\}$/.test(json) ? words('{}', { isCode: true }) : undefined
  if (json.length > maxLength) return undefined
  return words(json, { isCode: json === 'null' || json === 'NaN' })
}

export function textOf(json: string): string {
  return readableText(json).slice(1, json.length > 1 && json.endsWith('"') ? -1 : undefined)
}

export function webAddress(text: string): URL | undefined {
  if (!/^https?:\/\/\S+$/i.test(text) || text.length > 2000 || !URL.canParse(text)) return undefined
  return new URL(text)
}

function shortText(text: string): ShortValue | undefined {
  if (text === '') return words('""', { isCode: true })
  if (text.length > maxLength || text.includes('\n')) return undefined
  return words(text, { href: webAddress(text)?.href ?? '' })
}

function shortList(json: string): ShortValue | undefined {
  if (json.length > maxTags * (maxTagLength + 4)) return undefined
  const items = jsonItems(json) ?? []
  if (items.length === 0) return words('[]', { isCode: true })
  const tags = items.map((item) => (item.startsWith('"') ? textOf(item) : item))
  const isShort = items.every((item, index) => !/^[[{]/.test(item) && isTag(tags[index]!))
  return isShort && tags.length <= maxTags ? words('', { tags }) : undefined
}

function isTag(text: string): boolean {
  return text !== '' && text.length <= maxTagLength && !text.includes('\n') && !webAddress(text)
}
