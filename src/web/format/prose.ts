import { markdownParser } from './markdown.ts'
import { renderWithin, type Steps } from './markdown-steps.ts'

const maxMarkdown = 100_000
const maxHtml = 256 * 1024

const listItem = String.raw`(?:[-*+]|\d{1,9}[.)]) +\S.*`
const marks = [
  /^#{1,6} \S/m,
  new RegExp(String.raw`^ {0,3}${listItem}\n(?:\n|(?:.+\n)? *(?:[-*+]|\d{1,9}[.)])(?: |$))`, 'm'),
  /^ {0,3}(?:```|~~~)/m,
  /^ {0,3}\|? {0,9}:?-+:? {0,9}\|[ :|-]*$/m,
  /\*\*\S[^\n*]*\*\*/,
  /^ {0,3}(?:={3,}|-{3,}) *$/m,
  /^> \S/m,
  /\[[^[\]\n]+\]\((?:https?:|mailto:)[^\s)]/i,
  /<(?:https?:|mailto:)[^\s<>]+>/i,
  /^ {0,3}\[[^[\]\n]+\]: {0,9}<?(?:https?:|mailto:)\S/im,
  /~~\S[^\n~]*~~/,
]

/** Under 100 ms per page. A report of 90 KB with a bold word per line takes 25,000. */
export const stepsOfPage = 40_000

const weakMarks = [/`[^`\n]+`/, /(?:^|\s)([*_])[^\s*_][^\n*_]*\1(?=[\s.,;:!?)]|$)/m]

/** Safe HTML of Markdown; undefined for plain text, and for what takes too long. A document is Markdown by less than a
 * value is: a word in italics is enough. */
export function presentProse(text: string, steps: Steps, isDocument = false): string | undefined {
  const known = isDocument ? [...marks, ...weakMarks] : marks
  if (text.length > maxMarkdown || !known.some((mark) => mark.test(text))) return undefined
  const html = renderWithin(steps, markdownParser(), text)
  return html === undefined || html.length > maxHtml ? undefined : html
}

export type TextPart = { text: string; href?: string }

/** Undefined where there is no bare URL. */
export function presentLinks(before: string, text: string, after: string): TextPart[] | undefined {
  if (!/https?:|mailto:/i.test(text)) return undefined
  const markdown = markdownParser()
  const parts: TextPart[] = [{ text: before }]
  let at = 0
  for (const { index, lastIndex, url } of markdown.linkify.match(text) ?? []) {
    if (!markdown.validateLink(url)) continue
    parts.push({ text: text.slice(at, index) }, { text: text.slice(index, lastIndex), href: url })
    at = lastIndex
  }
  return at === 0 ? undefined : [...parts, { text: text.slice(at) + after }]
}
